//! `kanwu review --terminal`: the questions of an issue one by one, answered with a key each.
//!
//! The keys are those of the page in the browser. A verdict is on the disk before the next question is shown.

mod input;
mod screen;
mod session;

use crate::batch::{self, Opened};
use crate::cli::{DONE, print, say};
use crate::config::Config;
use crossterm::event::{self, Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};
use crossterm::terminal::{self, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::{cursor, execute};
use input::Input;
use kanwu::error::{Error, ErrorKind, Result};
use kanwu::reader::{self, Issue};
use kanwu::rule::Lang;
use session::{Reach, Session};
use std::io::{self, IsTerminal, Write};
use std::time::Duration;

/// How long a key is waited for before it is seen whether somebody else has written the log.
const LOOK: Duration = Duration::from_secs(1);

/// Reviews issues one after the other.
///
/// # Errors
/// No terminal; an issue or a log that cannot be read.
pub fn run(issues: &[Issue], config: &Config, by: &str, lang: Lang, color: bool) -> Result<u8> {
    if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
        return Err(say::no_terminal());
    }
    for (n, issue) in issues.iter().enumerate() {
        let Opened { source, decisions, warnings } = batch::open(issue, config)?;
        for warning in &warnings {
            eprintln!("{}", say::warning_block(warning, lang));
        }
        let run = batch::clean(&source, config, &decisions)?;
        let log = reader::decisions_path(issue);
        let mut session = Session::new(&run, &config.rules, &decisions, &log, by, lang)?;
        let flow = {
            let _screen = Screen::open().map_err(|e| broken(&e))?;
            Review { session: &mut session, mode: Mode::Asking, color, more: n + 1 < issues.len() }
                .work()
                .map_err(|e| broken(&e))?
        };
        print(&say::reviewed(&issue.id, &session.tally(), &log, lang))?;
        if flow == Flow::Quit {
            break;
        }
    }
    Ok(DONE)
}

fn broken(e: &io::Error) -> Error {
    Error::new(ErrorKind::Input, format!("the terminal: {e}")).chinese(format!("终端：{e}"), "")
}

/// The terminal as the review needs it; dropped, it is as it was.
struct Screen;

impl Screen {
    fn open() -> io::Result<Screen> {
        terminal::enable_raw_mode()?;
        let screen = Screen;
        execute!(io::stdout(), EnterAlternateScreen, cursor::Hide)?;
        Ok(screen)
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        let _ = execute!(io::stdout(), LeaveAlternateScreen, cursor::Show);
        let _ = terminal::disable_raw_mode();
    }
}

/// What the keys mean at the moment.
enum Mode {
    /// A question is shown, or the closing page.
    Asking,
    /// A text is written.
    Editing(Input),
    /// A text to look for is written.
    Searching(Input),
    /// The keys are shown.
    Help,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Flow {
    Stay,
    NextIssue,
    Quit,
}

struct Review<'r, 'd> {
    session: &'r mut Session<'d>,
    mode: Mode,
    color: bool,
    /// Whether another issue follows.
    more: bool,
}

impl Review<'_, '_> {
    fn work(&mut self) -> io::Result<Flow> {
        loop {
            self.draw()?;
            while !event::poll(LOOK)? {
                if self.session.look_for_others() {
                    self.draw()?;
                }
            }
            let flow = match event::read()? {
                Event::Key(key) if key.kind != KeyEventKind::Release => self.key(key),
                _ => Flow::Stay,
            };
            if flow != Flow::Stay {
                return Ok(flow);
            }
        }
    }

    fn draw(&self) -> io::Result<()> {
        let (width, height) = terminal::size()?;
        let frame = match &self.mode {
            Mode::Help => screen::help(self.session.lang),
            _ if self.session.is_done() => screen::closing(self.session, self.more),
            _ => screen::question(self.session),
        };
        let line = match &self.mode {
            Mode::Editing(input) => Some((say::edit_prompt(self.session.lang), input)),
            Mode::Searching(input) => Some(("/", input)),
            _ => None,
        };
        let mut out = Vec::new();
        screen::paint(&mut out, &frame, line, (width.into(), height.into()), self.color)?;
        let mut stdout = io::stdout().lock();
        stdout.write_all(&out)?;
        stdout.flush()
    }

    fn key(&mut self, key: KeyEvent) -> Flow {
        if key.modifiers.contains(KeyModifiers::CONTROL) && key.code == KeyCode::Char('c') {
            return Flow::Quit;
        }
        self.session.message.clear();
        // Esc and a key right after it come as one key: what was being written is left, and the key counts.
        let writing = matches!(self.mode, Mode::Editing(_) | Mode::Searching(_));
        if key.modifiers.contains(KeyModifiers::ALT) {
            self.mode = Mode::Asking;
            return if writing { self.asked(key) } else { Flow::Stay };
        }
        match std::mem::replace(&mut self.mode, Mode::Asking) {
            Mode::Asking => return self.asked(key),
            Mode::Help => {}
            Mode::Editing(mut input) => match key.code {
                KeyCode::Enter => self.session.edit(&input.text()),
                KeyCode::Esc => {}
                _ => {
                    input.key(key);
                    self.mode = Mode::Editing(input);
                }
            },
            Mode::Searching(mut input) => match key.code {
                KeyCode::Enter => self.session.search(&input.text()),
                KeyCode::Esc => {}
                _ => {
                    input.key(key);
                    self.mode = Mode::Searching(input);
                }
            },
        }
        Flow::Stay
    }

    fn asked(&mut self, key: KeyEvent) -> Flow {
        let session = &mut *self.session;
        match key.code {
            KeyCode::Char('q') => return Flow::Quit,
            KeyCode::Enter | KeyCode::Char('n') if session.is_done() => {
                return if self.more { Flow::NextIssue } else { Flow::Quit };
            }
            KeyCode::Char('?') => self.mode = Mode::Help,
            KeyCode::Char('j') | KeyCode::Down => session.step(true),
            KeyCode::Char('k') | KeyCode::Up => session.step(false),
            KeyCode::Char('u') => session.undo(),
            KeyCode::Char('/') => self.mode = Mode::Searching(Input::new("")),
            KeyCode::Char('c') => session.turn(),
            KeyCode::Char('r') if session.shows_changes() => session.reject(Reach::One),
            // What is done already is left or taken back.
            _ if session.is_done() || session.shows_changes() => {}
            KeyCode::Char('a') => session.accept(0, Reach::One),
            KeyCode::Char('r') => session.reject(Reach::One),
            KeyCode::Char('A') => session.accept(0, Reach::Series),
            KeyCode::Char('R') => session.reject(Reach::Series),
            KeyCode::Char('y') => session.as_before(),
            KeyCode::Char('s') => session.skip(),
            KeyCode::Char('e') => {
                if let Some(text) = session.to_edit() {
                    self.mode = Mode::Editing(Input::new(&text));
                }
            }
            KeyCode::Char(digit @ '1'..='9') => session.accept(digit as usize - '1' as usize, Reach::One),
            _ => {}
        }
        Flow::Stay
    }
}
