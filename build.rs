//! The rule files are embedded in the binary: a new or changed one calls for a new build.

fn main() {
    println!("cargo:rerun-if-changed=rules");
}
