//! The server: one small router on the loopback address, every answer behind the guard.
//!
//! Issues, articles and images are asked for by number, so that nothing from a request ever becomes a path. Work on an issue
//! runs beside the server's own threads, one piece of work an issue at a time.

use super::desk::{Answer, Desk, Request as Said};
use super::guard::{self, Guard, Pass};
use super::images::media_type;
use super::index;
use crate::cli::say;
use crate::config::Config;
use axum::Router;
use axum::body::to_bytes;
use axum::extract::{Path, Request, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use kanwu::emit::html::{SCRIPT, STYLE};
use kanwu::error::{Error, ErrorKind, Result};
use kanwu::rule::Lang;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;

/// Bytes that a request may send.
const BODY: usize = 64 << 10;
/// How long a client may take to say what it wants, head and body each.
const PATIENCE: Duration = Duration::from_secs(10);
/// Connections at a time; a browser opens six.
const CONNECTIONS: usize = 64;
/// Bytes of a page image that are given out.
const IMAGE: u64 = 256 << 20;
/// Issues that are read ahead for the list.
const AHEAD: usize = 24;

/// Everything that the server serves.
pub struct Office {
    /// The issues, the first is number 1.
    pub desks: Vec<Desk>,
    /// How they are cleaned.
    pub config: Config,
    /// Language of the page.
    pub lang: Lang,
    /// Who decides.
    pub by: String,
}

struct Shared {
    office: Office,
    guard: Guard,
}

/// Serves until Ctrl-C; `ready` is called with the address to open.
///
/// # Errors
/// A port that is taken, an address that is not this machine's.
pub fn serve(office: Office, listen: IpAddr, port: u16, ready: impl FnOnce(&str)) -> Result<()> {
    let internal = |e: std::io::Error| Error::new(ErrorKind::Internal, e.to_string());
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().map_err(internal)?;
    let token = guard::token().map_err(|e| Error::new(ErrorKind::Internal, e.to_string()))?;
    let wanted = SocketAddr::new(listen, port);
    let done = runtime.block_on(async {
        let cannot = |e: std::io::Error| say::cannot_listen(wanted, &e);
        let listener = TcpListener::bind(wanted).await.map_err(cannot)?;
        let at = listener.local_addr().map_err(cannot)?;
        let address = guard::address(at, &token);
        let shared = Arc::new(Shared { office, guard: Guard::new(token, at) });
        let ahead = Arc::clone(&shared);
        tokio::task::spawn_blocking(move || read_ahead(&ahead.office));
        ready(&address);
        tokio::select! {
            () = take_in(listener, router(shared)) => {}
            // What was answered is on the disk: there is nothing to wait for.
            _ = tokio::signal::ctrl_c() => {}
        }
        Ok(())
    });
    runtime.shutdown_timeout(Duration::from_millis(200));
    done
}

fn read_ahead(office: &Office) {
    for desk in office.desks.iter().take(AHEAD) {
        // What cannot be read is told when it is asked for.
        let _ = crate::batch::quiet_panics(|| desk.article(&office.config, 0));
    }
}

async fn take_in(listener: TcpListener, router: Router) {
    let room = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let Ok(place) = Arc::clone(&room).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let router = router.clone();
                tokio::spawn(async move {
                    converse(stream, router).await;
                    drop(place);
                });
            }
            // Too many open files, say: it passes.
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

async fn converse(stream: TcpStream, router: Router) {
    let _ = stream.set_nodelay(true);
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(PATIENCE).max_buf_size(BODY);
    // A connection that fails is the client's own affair.
    let _ = http.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).await;
}

fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(list))
        .route("/style.css", get(|| async { asset("text/css; charset=utf-8", STYLE) }))
        .route("/side.css", get(|| async { asset("text/css; charset=utf-8", include_str!("side.css")) }))
        .route("/script.js", get(|| async { asset("text/javascript; charset=utf-8", SCRIPT) }))
        .route("/side.js", get(|| async { asset("text/javascript; charset=utf-8", include_str!("side.js")) }))
        // A browser asks for it whatever the page says.
        .route("/favicon.ico", get(|| async { StatusCode::NO_CONTENT }))
        .route("/issue/{issue}", get(page))
        .route("/issue/{issue}/image/{image}", get(image))
        .route("/api/issue/{issue}", get(data))
        .route("/api/issue/{issue}/events", get(events))
        .route("/api/issue/{issue}/article/{article}", get(article))
        .route("/api/issue/{issue}/decisions", post(decide))
        .fallback(|| async { refused(StatusCode::NOT_FOUND, "no such page") })
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), guarded))
        .with_state(shared)
}

/// What the page may load: its own style, script, images and answers; nothing inline, nothing from elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The guard before every answer, and the headers on every answer.
async fn guarded(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    let mut response = match shared.guard.judge(request.method(), request.uri(), request.headers()) {
        Pass::In => next.run(request).await,
        Pass::Enter => {
            let cookie = HeaderValue::from_str(&shared.guard.set_cookie()).unwrap_or(HeaderValue::from_static(""));
            let home = HeaderValue::from_static("/");
            (StatusCode::SEE_OTHER, [(header::LOCATION, home), (header::SET_COOKIE, cookie)]).into_response()
        }
        Pass::Refused(status, "token") => (status, say::review_no_token(shared.office.lang)).into_response(),
        Pass::Refused(status, why) => refused(status, why),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    headers.insert("cross-origin-opener-policy", HeaderValue::from_static("same-origin"));
    response
}

fn asset(kind: &'static str, text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

fn refused(status: StatusCode, why: &'static str) -> Response {
    // What the client still wants to send is not waited for.
    (status, [(header::CONNECTION, "close")], why).into_response()
}

fn html(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], text).into_response()
}

fn json(status: StatusCode, text: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], text).into_response()
}

/// An error as the page tells of it.
fn fault(error: &Error, lang: Lang) -> Response {
    let text = serde_json::json!({ "error": "fault", "why": say::error_block(error, lang) });
    json(StatusCode::INTERNAL_SERVER_ERROR, text.to_string())
}

/// Does something with an issue, beside the server's own threads.
async fn at_desk<T: Send + 'static>(
    shared: &Arc<Shared>,
    number: usize,
    work: impl FnOnce(&Office, &Desk) -> Result<T> + Send + 'static,
) -> std::result::Result<T, Response> {
    let (office, lang) = (Arc::clone(shared), shared.office.lang);
    let found = number.checked_sub(1).is_some_and(|n| n < office.office.desks.len());
    if !found {
        return Err(refused(StatusCode::NOT_FOUND, "no such issue"));
    }
    let done = tokio::task::spawn_blocking(move || {
        let office = &office.office;
        office.desks.get(number - 1).map(|desk| work(office, desk))
    });
    match done.await {
        Ok(Some(Ok(done))) => Ok(done),
        Ok(Some(Err(error))) => Err(fault(&error, lang)),
        _ => Err(refused(StatusCode::INTERNAL_SERVER_ERROR, "a fault of the program")),
    }
}

async fn list(State(shared): State<Arc<Shared>>) -> Response {
    if shared.office.desks.len() == 1 {
        return (StatusCode::SEE_OTHER, [(header::LOCATION, "/issue/1")]).into_response();
    }
    html(index::page(&shared.office.desks, shared.office.lang))
}

async fn page(State(shared): State<Arc<Shared>>, Path(issue): Path<usize>) -> Response {
    let made =
        at_desk(&shared, issue, |office, desk| desk.page(&office.config, office.lang, &office.by, office.desks.len()));
    made.await.map_or_else(|wrong| wrong, html)
}

async fn data(State(shared): State<Arc<Shared>>, Path(issue): Path<usize>) -> Response {
    let made =
        at_desk(&shared, issue, |office, desk| desk.data(&office.config, office.lang, &office.by, office.desks.len()));
    made.await.map_or_else(|wrong| wrong, |text| json(StatusCode::OK, text))
}

async fn events(State(shared): State<Arc<Shared>>, Path(issue): Path<usize>, uri: Uri) -> Response {
    let from = uri.query().and_then(|q| q.strip_prefix("from=")).and_then(|n| n.parse().ok());
    let Some(from) = from else { return refused(StatusCode::BAD_REQUEST, "from") };
    let made = at_desk(&shared, issue, move |_, desk| desk.news(from));
    made.await.map_or_else(|wrong| wrong, |text| json(StatusCode::OK, text))
}

async fn article(State(shared): State<Arc<Shared>>, Path((issue, article)): Path<(usize, usize)>) -> Response {
    let made = at_desk(&shared, issue, move |office, desk| desk.article(&office.config, article));
    match made.await {
        Ok(Some(text)) => json(StatusCode::OK, text),
        Ok(None) => refused(StatusCode::NOT_FOUND, "no such article"),
        Err(wrong) => wrong,
    }
}

async fn image(State(shared): State<Arc<Shared>>, Path((issue, image)): Path<(usize, usize)>) -> Response {
    let read = at_desk(&shared, issue, move |_, desk| Ok(desk.image(image).and_then(load)));
    match read.await {
        Ok(Some((kind, bytes))) => ([(header::CONTENT_TYPE, kind)], bytes).into_response(),
        Ok(None) => refused(StatusCode::NOT_FOUND, "no such image"),
        Err(wrong) => wrong,
    }
}

/// The bytes of an image and what kind they are.
fn load(path: &std::path::Path) -> Option<(&'static str, Vec<u8>)> {
    let kind = media_type(path)?;
    let fits = std::fs::metadata(path).is_ok_and(|meta| meta.is_file() && meta.len() <= IMAGE);
    fits.then(|| std::fs::read(path).ok()).flatten().map(|bytes| (kind, bytes))
}

async fn decide(State(shared): State<Arc<Shared>>, Path(issue): Path<usize>, request: Request) -> Response {
    let said = match body(request).await {
        Ok(said) => said,
        Err(wrong) => return wrong,
    };
    let answer =
        at_desk(&shared, issue, move |office, desk| desk.decide(&said, &office.config, office.lang, &office.by));
    match answer.await {
        Ok(Answer::Kept(log)) => json(StatusCode::OK, log),
        Ok(Answer::Met(log)) => json(StatusCode::CONFLICT, format!("{{\"error\":\"met\",\"news\":{log}}}")),
        Ok(Answer::Changed(findings)) => {
            let text = serde_json::json!({ "error": "changed", "findings": findings });
            json(StatusCode::CONFLICT, text.to_string())
        }
        Ok(Answer::Wrong) => refused(StatusCode::UNPROCESSABLE_ENTITY, "no such verdict"),
        Err(wrong) => wrong,
    }
}

/// The verdicts that a request carries.
async fn body(request: Request) -> std::result::Result<Said, Response> {
    if request.headers().get(header::CONTENT_TYPE) != Some(&HeaderValue::from_static("application/json")) {
        return Err(refused(StatusCode::UNSUPPORTED_MEDIA_TYPE, "application/json"));
    }
    let announced = request.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|n| n > BODY as u64) {
        return Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "too large"));
    }
    let read = tokio::time::timeout(PATIENCE, to_bytes(request.into_body(), BODY));
    match read.await {
        Err(_) => Err(refused(StatusCode::REQUEST_TIMEOUT, "too slow")),
        Ok(Err(_)) => Err(refused(StatusCode::PAYLOAD_TOO_LARGE, "too large")),
        Ok(Ok(bytes)) => {
            serde_json::from_slice(&bytes).map_err(|_| refused(StatusCode::BAD_REQUEST, "no verdicts in JSON"))
        }
    }
}
