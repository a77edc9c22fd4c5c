//! Who may ask: the page that this server gave, in the browser of the person who was told its address.
//!
//! A page of some other site can make a browser ask this server. It does not know the token, cannot send the cookie
//! (`SameSite=Strict`), betrays itself by its origin, and a name of its own that points here by its host.

use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use std::net::{IpAddr, SocketAddr};

/// The header by which a program may show the token.
pub const HEADER: &str = "x-kanwu-token";

/// What is asked of every request.
#[derive(Debug)]
pub struct Guard {
    token: String,
    cookie: String,
    /// The names of this server, as `Host` says them.
    hosts: Vec<String>,
    /// The port, where any address of this machine will do: the server listens on all of them.
    any_address: Option<u16>,
}

/// What becomes of a request.
#[derive(Debug, PartialEq, Eq)]
pub enum Pass {
    /// It is answered.
    In,
    /// It comes with the token in its address: it is given the cookie and sent to the address without.
    Enter,
    /// It is refused.
    Refused(StatusCode, &'static str),
}

impl Guard {
    /// For a server that listens on an address.
    pub fn new(token: String, at: SocketAddr) -> Guard {
        let port = at.port();
        let mut hosts = vec![at.to_string()];
        if at.ip().is_loopback() || at.ip().is_unspecified() {
            hosts.extend([format!("127.0.0.1:{port}"), format!("localhost:{port}"), format!("[::1]:{port}")]);
        }
        // What is the usual port may be left out of a name.
        if port == 80 {
            let bare: Vec<String> = hosts.iter().filter_map(|h| h.strip_suffix(":80").map(str::to_owned)).collect();
            hosts.extend(bare);
        }
        Guard { token, cookie: format!("kanwu-{port}"), hosts, any_address: at.ip().is_unspecified().then_some(port) }
    }

    /// The cookie that keeps the token in the browser, for `Set-Cookie`.
    pub fn set_cookie(&self) -> String {
        format!("{}={}; HttpOnly; SameSite=Strict; Path=/", self.cookie, self.token)
    }

    /// Judges a request by its head.
    pub fn judge(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Pass {
        let text = |name: &header::HeaderName| headers.get(name).map(|v| v.to_str().unwrap_or("\u{FFFD}"));
        // A request in absolute form names its host twice; both must be ours.
        let named = uri.authority().map(|a| a.as_str());
        if headers.get_all(header::HOST).iter().count() > 1
            || !text(&header::HOST).is_some_and(|host| self.is_ours(host))
            || !named.is_none_or(|host| self.is_ours(host))
        {
            return Pass::Refused(StatusCode::MISDIRECTED_REQUEST, "host");
        }
        match text(&header::ORIGIN) {
            Some(origin) if !origin.strip_prefix("http://").is_some_and(|host| self.is_ours(host)) => {
                return Pass::Refused(StatusCode::FORBIDDEN, "origin");
            }
            None if method != Method::GET => return Pass::Refused(StatusCode::FORBIDDEN, "origin"),
            _ => {}
        }
        if headers.get(HEADER).is_some_and(|v| self.is_token(v.as_bytes())) || self.has_cookie(headers) {
            return Pass::In;
        }
        let asked = uri.query().and_then(|q| q.split('&').find_map(|pair| pair.strip_prefix("token=")));
        match asked {
            Some(token) if method == Method::GET && self.is_token(token.as_bytes()) => Pass::Enter,
            _ => Pass::Refused(StatusCode::FORBIDDEN, "token"),
        }
    }

    fn is_ours(&self, host: &str) -> bool {
        let host = host.to_ascii_lowercase();
        // A name that leads here by a trick of its owner is a name; a number cannot be one.
        let by_number = || {
            let at = host.parse::<SocketAddr>().ok();
            at.is_some_and(|at| Some(at.port()) == self.any_address)
        };
        self.hosts.contains(&host) || by_number()
    }

    fn has_cookie(&self, headers: &HeaderMap) -> bool {
        let all = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
        let mut pairs = all.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        pairs.any(|(name, value)| name == self.cookie && self.is_token(value.as_bytes()))
    }

    /// Compares in a time that does not tell how much agrees.
    fn is_token(&self, shown: &[u8]) -> bool {
        let token = self.token.as_bytes();
        let differ = token.iter().zip(shown).fold(0, |differ, (a, b)| differ | (a ^ b));
        token.len() == shown.len() && std::hint::black_box(differ) == 0
    }
}

/// A token that nobody can guess: 256 bits from the system, in hex.
///
/// # Errors
/// The system has no random bits to give.
pub fn token() -> Result<String, getrandom::Error> {
    let mut bits = [0; 32];
    getrandom::fill(&mut bits)?;
    Ok(bits.iter().map(|b| format!("{b:02x}")).collect())
}

/// The address as a person opens it.
pub fn address(at: SocketAddr, token: &str) -> String {
    let shown = match at.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => SocketAddr::new(IpAddr::from([127, 0, 0, 1]), at.port()),
        IpAddr::V6(ip) if ip.is_unspecified() => {
            SocketAddr::new(IpAddr::from(std::net::Ipv6Addr::LOCALHOST), at.port())
        }
        _ => at,
    };
    format!("http://{shown}/?token={token}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(method: Method, uri: &str, headers: &[(&'static str, &str)]) -> Pass {
        let guard = Guard::new("abc".to_owned(), "127.0.0.1:4000".parse().unwrap());
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        guard.judge(&method, &uri.parse().unwrap(), &map)
    }

    #[test]
    fn only_the_page_of_this_server_is_let_in() {
        let host = ("host", "127.0.0.1:4000");
        let cookie = ("cookie", "a=b; kanwu-4000=abc");
        let own = ("origin", "http://127.0.0.1:4000");
        let refused = |code: StatusCode, why| Pass::Refused(code, why);
        assert_eq!(judge(Method::GET, "/", &[host, cookie]), Pass::In);
        assert_eq!(judge(Method::GET, "/", &[("host", "LocalHost:4000"), (HEADER, "abc")]), Pass::In);
        assert_eq!(judge(Method::POST, "/", &[host, cookie, own]), Pass::In);
        assert_eq!(judge(Method::GET, "/?token=abc", &[host]), Pass::Enter);
        let misdirected = StatusCode::MISDIRECTED_REQUEST;
        for wrong in ["evil.example:4000", "127.0.0.1", "127.0.0.1:4001", "127.0.0.1:4000.evil.example", ""] {
            assert_eq!(judge(Method::GET, "/", &[("host", wrong), cookie]), refused(misdirected, "host"), "{wrong}");
        }
        assert_eq!(judge(Method::GET, "/", &[cookie]), refused(misdirected, "host"));
        assert_eq!(judge(Method::GET, "/", &[host, ("host", "evil"), cookie]), refused(misdirected, "host"));
        assert_eq!(judge(Method::GET, "http://evil/", &[host, cookie]), refused(misdirected, "host"));
        for wrong in ["http://evil.example", "null", "https://127.0.0.1:4000", "http://127.0.0.1:4001", ""] {
            let got = judge(Method::POST, "/", &[host, cookie, ("origin", wrong)]);
            assert_eq!(got, refused(StatusCode::FORBIDDEN, "origin"), "{wrong}");
        }
        assert_eq!(judge(Method::POST, "/", &[host, cookie]), refused(StatusCode::FORBIDDEN, "origin"));
        for uri in ["/", "/?token=", "/?token=abd", "/?token=abcd", "/?x=1&token=ABC"] {
            assert_eq!(judge(Method::GET, uri, &[host]), refused(StatusCode::FORBIDDEN, "token"), "{uri}");
        }
        assert_eq!(judge(Method::POST, "/?token=abc", &[host, own]), refused(StatusCode::FORBIDDEN, "token"));
    }
}
