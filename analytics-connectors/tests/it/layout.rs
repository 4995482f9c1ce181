//! Who may know whom, read from the source tree. Prose drifts, this does not.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Files that every platform folder has.
const PLATFORM_FILES: [&str; 9] = [
    "mod.rs",
    "config.rs",
    "auth.rs",
    "accounts.rs",
    "metrics.rs",
    "fetch.rs",
    "wire.rs",
    "error.rs",
    "docs.md",
];

/// Folders under `platforms` that a vendor's platforms share; no connectors.
const SUPPORT: [&str; 3] = ["meta", "yahoo", "x_common"];

/// Crates with one home each: name in code, and the path prefixes it may appear under.
const HOMES: [(&str, &[&str]); 4] = [
    (
        "sqlx",
        &[
            "analytics-core/src/storage",
            // The queue's own tables, which no store knows of.
            "analytics-server/src/jobs/transport/postgres.rs",
        ],
    ),
    (
        "polars",
        &["analytics-core/src/analysis", "analytics-py/src/frame"],
    ),
    ("apalis", &["analytics-server/src/jobs/transport"]),
    ("pyo3", &["analytics-py"]),
];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .unwrap()
        .to_path_buf()
}

fn platforms() -> PathBuf {
    workspace().join("analytics-connectors/src/platforms")
}

/// Rust files below `root`, with their text without comments.
fn sources(root: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut open = vec![root.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let code: Vec<&str> = text
                    .lines()
                    .filter(|line| !line.trim_start().starts_with("//"))
                    .collect();
                found.push((path, code.join("\n")));
            }
        }
    }
    found
}

fn folders(root: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn connectors() -> Vec<String> {
    folders(&platforms())
        .into_iter()
        .filter(|name| !SUPPORT.contains(&name.as_str()))
        .collect()
}

fn relative(path: &Path) -> String {
    path.strip_prefix(workspace())
        .unwrap_or(path)
        .display()
        .to_string()
}

/// Whether `name` stands in `code` as a word of its own. A name of one letter is also that of many
/// a variable: it only counts as a text of its own, or as a part of a path.
fn mentions(code: &str, name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    code.match_indices(name).any(|(at, _)| {
        let (before, after) = (&code[..at], &code[at + name.len()..]);
        let is_alone = !before.chars().next_back().is_some_and(is_word)
            && !after.chars().next().is_some_and(is_word);
        let is_text = before.ends_with('"') && after.starts_with('"');
        let is_path = before.ends_with("::") || after.starts_with("::");
        is_alone && (name.len() > 1 || is_text || is_path)
    })
}

#[test]
fn a_word_is_found_where_it_stands_for_a_platform() {
    for code in [
        "use crate::platforms::x_ads::Config;",
        "let platform = \"x_ads\";",
        "let x_ads = 1;",
    ] {
        assert!(mentions(code, "x_ads"), "{code}");
    }
    assert!(!mentions("let my_x_ads2 = 1;", "x_ads"));
    for code in [
        "use crate::platforms::x::Config;",
        "use crate::platforms::x;",
        "use x::Config;",
        "if platform == \"x\" {",
        "Platform::from(\"x\")",
    ] {
        assert!(mentions(code, "x"), "{code}");
    }
    for code in [
        "values.map(|x| x + 1)",
        "let at = point.x;",
        "\"x-rate-limit-reset\"",
        "\"x_ads\"",
        "use crate::platforms::x_common::reset;",
        "index::max(1)",
    ] {
        assert!(!mentions(code, "x"), "{code}");
    }
}

#[test]
fn an_import_of_another_platform_is_found() {
    assert!(mentions("use crate::platforms::x::X;", "platforms::x"));
    assert!(mentions("use super::super::x;", "super::super::x"));
    assert!(!mentions("use crate::platforms::x_common;", "platforms::x"));
    assert!(!mentions(
        "use crate::platforms::x_ads::XAds;",
        "platforms::x"
    ));
}

#[test]
fn a_platform_never_imports_another_platform() {
    for name in connectors() {
        for (path, code) in sources(&platforms().join(&name)) {
            for other in connectors().iter().filter(|other| **other != name) {
                for import in [
                    format!("platforms::{other}"),
                    format!("super::{other}"),
                    format!("super::super::{other}"),
                ] {
                    assert!(
                        !mentions(&code, &import),
                        "{}: imports {other}",
                        relative(&path)
                    );
                }
            }
        }
    }
}

#[test]
fn support_folders_know_no_platform() {
    for name in SUPPORT {
        for (path, code) in sources(&platforms().join(name)) {
            // Tests may use any example.
            let code = code.split("#[cfg(test)]").next().unwrap_or_default();
            for connector in connectors() {
                assert!(
                    !mentions(code, &connector),
                    "{}: mentions {connector}",
                    relative(&path)
                );
            }
        }
    }
}

#[test]
fn platforms_know_neither_sync_nor_storage() {
    for (path, code) in sources(&platforms()) {
        for foreign in [
            "crate::sync",
            "analytics_core::storage",
            "analytics_core::Store",
            "analytics_core::connect",
            "crate::simulator",
            "crate::registry",
        ] {
            assert!(
                !mentions(&code, foreign),
                "{}: uses {foreign}",
                relative(&path)
            );
        }
    }
}

#[test]
fn sync_sees_platforms_only_through_the_trait() {
    for (path, code) in sources(&workspace().join("analytics-connectors/src/sync")) {
        assert!(
            !code.contains("platforms::"),
            "{}: imports a platform",
            relative(&path)
        );
        for connector in connectors() {
            assert!(
                !mentions(&code, &connector),
                "{}: names {connector}",
                relative(&path)
            );
        }
    }
}

#[test]
fn the_kit_knows_no_platform() {
    for folder in ["http", "oauth"] {
        for (path, code) in sources(&workspace().join("analytics-connectors/src").join(folder)) {
            for foreign in ["platforms", "sync", "registry"] {
                assert!(
                    !mentions(&code, &format!("crate::{foreign}")),
                    "{}: uses {foreign}",
                    relative(&path)
                );
            }
        }
    }
}

#[test]
fn a_vendors_field_names_never_leave_its_folder() {
    for name in folders(&platforms()) {
        let module = fs::read_to_string(platforms().join(&name).join("mod.rs")).unwrap();
        assert!(
            module.lines().any(|line| line.trim() == "mod wire;"),
            "{name}: `wire` must be a private module"
        );
        for (path, code) in sources(&platforms().join(&name)) {
            assert!(
                !code.contains("pub use wire") && !code.contains("pub use super::wire"),
                "{}: shows wire types",
                relative(&path)
            );
        }
        let wire = fs::read_to_string(platforms().join(&name).join("wire.rs")).unwrap();
        assert!(
            !wire
                .lines()
                .any(|line| line.trim_start().starts_with("pub ")
                    || line.trim_start().starts_with("pub(crate)")),
            "{name}/wire.rs: everything is `pub(super)` at most"
        );
    }
}

#[test]
fn every_platform_folder_has_the_same_files() {
    assert!(!connectors().is_empty());
    for name in connectors() {
        for file in PLATFORM_FILES {
            assert!(
                platforms().join(&name).join(file).is_file(),
                "{name}: {file} is missing"
            );
        }
        assert!(
            folders(&platforms().join(&name)).is_empty(),
            "{name}: a platform folder has no folders"
        );
        let module = fs::read_to_string(platforms().join(&name).join("mod.rs")).unwrap();
        assert!(
            module.starts_with("#![doc = include_str!(\"docs.md\")]"),
            "{name}: mod.rs shows docs.md"
        );
    }
}

#[test]
fn fetching_neither_sleeps_nor_retries_by_itself() {
    for name in connectors() {
        for (path, code) in sources(&platforms().join(&name)) {
            for foreign in ["sleep", "backon", "reqwest", "SystemClock", "Utc::now"] {
                assert!(
                    !mentions(&code, foreign),
                    "{}: uses {foreign}, which is the kit's",
                    relative(&path)
                );
            }
        }
    }
}

#[test]
fn every_heavy_dependency_has_one_home() {
    for krate in [
        "analytics-core",
        "analytics-connectors",
        "analytics-server",
        "analytics-py",
        "examples",
    ] {
        for (path, code) in sources(&workspace().join(krate).join("src")) {
            let path = relative(&path);
            for (dependency, homes) in HOMES {
                if homes.iter().any(|home| path.starts_with(home)) {
                    continue;
                }
                assert!(
                    !mentions(&code, &format!("{dependency}::"))
                        && !mentions(&code, &format!("use {dependency}")),
                    "{path}: {dependency} belongs under {homes:?}"
                );
            }
        }
    }
}

#[test]
fn the_core_knows_no_vendor_no_http_and_no_clock() {
    for (path, code) in sources(&workspace().join("analytics-core/src")) {
        // Tests may use any example, the storage suite among them.
        let code = code.split("#[cfg(test)]").next().unwrap_or_default();
        if relative(&path).contains("/suite") {
            continue;
        }
        for foreign in ["reqwest", "analytics_connectors", "Utc::now", "Local::now"] {
            assert!(
                !mentions(code, foreign),
                "{}: uses {foreign}",
                relative(&path)
            );
        }
        for connector in connectors() {
            assert!(
                !mentions(code, &connector),
                "{}: names {connector}",
                relative(&path)
            );
        }
    }
}

#[test]
fn no_file_is_longer_than_six_hundred_lines() {
    for krate in [
        "analytics-core",
        "analytics-connectors",
        "analytics-server",
        "analytics-py",
        "examples",
    ] {
        for (path, _) in sources(&workspace().join(krate)) {
            let path_text = relative(&path);
            if path_text.contains("node_modules") || path_text.contains("/target/") {
                continue;
            }
            let lines = fs::read_to_string(&path).unwrap().lines().count();
            assert!(lines <= 600, "{path_text}: {lines} lines");
        }
    }
}
