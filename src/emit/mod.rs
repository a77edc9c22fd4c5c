//! Output languages, one a file, all written from the same [`crate::pipeline::Run`].
