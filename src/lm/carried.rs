//! The tables of the language that the program carries (`model/README.md`).

/// Name and size in bytes of each.
pub const TABLES: [(&str, usize); 7] = [
    ("news.kwm", include_bytes!("../../model/news.kwm").len()),
    ("channel.bin", include_bytes!("../../model/channel.bin").len()),
    ("usage.bin", include_bytes!("../../model/usage.bin").len()),
    ("quotation.bin", include_bytes!("../../model/quotation.bin").len()),
    ("words.bin", include_bytes!("../../model/words.bin").len()),
    ("sense.bin", include_bytes!("../../model/sense.bin").len()),
    ("doubt.bin", include_bytes!("../../model/doubt.bin").len()),
];
