//! A line of text that is being written.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

/// The line, and where the next character goes.
#[derive(Debug, Default)]
pub struct Input {
    chars: Vec<char>,
    at: usize,
}

impl Input {
    /// A line with a text in it, to be written on.
    pub fn new(text: &str) -> Self {
        let chars: Vec<char> = text.chars().collect();
        Input { at: chars.len(), chars }
    }

    /// What is written.
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// What is written before the cursor, and behind it.
    pub fn halves(&self) -> (String, String) {
        let (before, after) = self.chars.split_at(self.at.min(self.chars.len()));
        (before.iter().collect(), after.iter().collect())
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) {
        let control = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Char('u') if control => {
                self.chars.drain(..self.at);
                self.at = 0;
            }
            KeyCode::Char('a') if control => self.at = 0,
            KeyCode::Char('e') if control => self.at = self.chars.len(),
            KeyCode::Char(c) if !control => {
                self.chars.insert(self.at, c);
                self.at += 1;
            }
            KeyCode::Backspace if self.at > 0 => {
                self.at -= 1;
                self.chars.remove(self.at);
            }
            KeyCode::Delete if self.at < self.chars.len() => {
                self.chars.remove(self.at);
            }
            KeyCode::Left => self.at = self.at.saturating_sub(1),
            KeyCode::Right => self.at = (self.at + 1).min(self.chars.len()),
            KeyCode::Home => self.at = 0,
            KeyCode::End => self.at = self.chars.len(),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_written_and_mended() {
        let mut line = Input::new("防洪水");
        let press = |line: &mut Input, code| line.key(KeyEvent::new(code, KeyModifiers::NONE));
        press(&mut line, KeyCode::Home);
        press(&mut line, KeyCode::Right);
        press(&mut line, KeyCode::Char('止'));
        assert_eq!(line.halves(), ("防止".to_owned(), "洪水".to_owned()));
        press(&mut line, KeyCode::Delete);
        press(&mut line, KeyCode::Backspace);
        assert_eq!(line.text(), "防水");
        press(&mut line, KeyCode::End);
        press(&mut line, KeyCode::Right);
        line.key(KeyEvent::new(KeyCode::Char('u'), KeyModifiers::CONTROL));
        assert_eq!(line.text(), "");
        press(&mut line, KeyCode::Backspace);
        press(&mut line, KeyCode::Delete);
        press(&mut line, KeyCode::Left);
        assert_eq!(line.text(), "");
    }
}
