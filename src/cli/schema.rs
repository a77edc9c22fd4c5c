//! `kanwu schema`: the JSON Schemas that the output files keep to.

use super::{print, say};
use kanwu::error::Result;
use serde_json::Value;

#[derive(clap::Args)]
pub struct SchemaArgs {
    /// clean, finding or decision; all of them in one object where none is named
    name: Option<String>,
}

/// Prints one schema, or an object of all.
pub fn run(args: &SchemaArgs) -> Result<u8> {
    let schemas = kanwu::emit::schemas();
    let value = match &args.name {
        None => Value::Object(schemas.into_iter().map(|(name, schema)| (name.to_owned(), schema)).collect()),
        Some(name) => {
            let names: Vec<&str> = schemas.iter().map(|(name, _)| *name).collect();
            let wrong = say::no_schema(name, &names);
            schemas.into_iter().find(|(n, _)| n == name).map(|(_, schema)| schema).ok_or(wrong)?
        }
    };
    print(&format!("{value:#}\n"))
}
