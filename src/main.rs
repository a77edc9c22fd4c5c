//! The front door: parse, call, turn the error kind into an exit status.

fn main() {}
