//! What was looked at, how it is, and what to do.

use serde::Serialize;

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum State {
    Ok,
    Warning,
    Failed,
}

/// One check.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub(super) name: &'static str,
    pub(super) state: State,
    /// What was found.
    found: String,
    /// What to do; nothing if it is well.
    advice: Option<String>,
}

/// The checks so far.
#[derive(Debug, Default)]
pub(super) struct Checks(pub(super) Vec<Check>);

impl Checks {
    pub(super) fn ok(&mut self, name: &'static str, found: impl Into<String>) {
        self.add(name, State::Ok, found, None);
    }

    pub(super) fn warn(
        &mut self,
        name: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(name, State::Warning, found, Some(advice.into()));
    }

    pub(super) fn fail(
        &mut self,
        name: &'static str,
        found: impl Into<String>,
        advice: impl Into<String>,
    ) {
        self.add(name, State::Failed, found, Some(advice.into()));
    }

    fn add(
        &mut self,
        name: &'static str,
        state: State,
        found: impl Into<String>,
        advice: Option<String>,
    ) {
        self.0.push(Check {
            name,
            state,
            found: found.into(),
            advice,
        });
    }
}

/// For people.
pub(super) fn as_text(checks: &[Check]) -> String {
    let mut text = String::new();
    for check in checks {
        let mark = match check.state {
            State::Ok => "ok  ",
            State::Warning => "warn",
            State::Failed => "FAIL",
        };
        text.push_str(&format!("{mark}  {}: {}\n", check.name, check.found));
        if let Some(advice) = &check.advice {
            text.push_str(&format!("      → {advice}\n"));
        }
    }
    text
}
