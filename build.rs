//! Tells the linker what a shared library that stands in for another needs.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target_os = std::env::var("CARGO_CFG_TARGET_OS").unwrap_or_default();
    let arguments: &[&str] = match target_os.as_str() {
        // Programs that were linked with the original ask for this name. -Bsymbolic: another libtaos in the
        // same process must not take our own calls to exported functions.
        "linux" | "android" | "freebsd" => &[
            "-Wl,-soname,libtaos.so.1",
            "-Wl,-Bsymbolic",
            "-Wl,-z,noexecstack",
            "-Wl,-z,relro",
            "-Wl,-z,now",
        ],
        "macos" => &["-Wl,-install_name,@rpath/libtaos.dylib"],
        _ => &[],
    };
    for argument in arguments {
        println!("cargo:rustc-cdylib-link-arg={argument}");
    }
}
