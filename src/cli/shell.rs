//! `kanwu completions` and `kanwu man`: what a shell and a manual reader need, made from the commands themselves.

use super::{help, print};
use clap_complete::Shell;
use kanwu::error::Result;
use kanwu::rule::Lang;

#[derive(clap::Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

/// Prints a completion script.
pub fn completions(args: &CompletionsArgs, lang: Lang) -> Result<u8> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut help::command(lang), "kanwu", &mut script);
    print(&String::from_utf8_lossy(&script))
}

/// Prints the manual: the page of the program, then one of each command.
pub fn man(lang: Lang) -> Result<u8> {
    let mut command = help::command(lang);
    command.build();
    let mut page = Vec::new();
    for command in with_all_below(&command) {
        let name = command.get_display_name().unwrap_or("kanwu").to_owned();
        clap_mangen::Man::new(command.display_name(name))
            .render(&mut page)
            .map_err(|e| super::say::cannot_print(&e))?;
    }
    print(&String::from_utf8_lossy(&page))
}

/// A command and all below it that are shown, each before its own.
fn with_all_below(command: &clap::Command) -> Vec<clap::Command> {
    let shown = command.get_subcommands().filter(|c| !c.is_hide_set());
    std::iter::once(command.clone()).chain(shown.flat_map(with_all_below)).collect()
}
