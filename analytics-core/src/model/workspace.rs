//! Workspaces, their settings, users and sessions.

use chrono::{DateTime, Utc, Weekday};
use chrono_tz::Tz;
use secrecy::SecretString;
use serde::{Deserialize, Serialize};

use super::{Currency, PublicId, UserId, WorkspaceId};
use crate::error::{Error, Result};

/// First day of a week; any weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct WeekStart(pub Weekday);

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Mon),
    ("tuesday", Weekday::Tue),
    ("wednesday", Weekday::Wed),
    ("thursday", Weekday::Thu),
    ("friday", Weekday::Fri),
    ("saturday", Weekday::Sat),
    ("sunday", Weekday::Sun),
];

impl WeekStart {
    /// The weekday with this lower-case English name.
    ///
    /// # Errors
    /// [`Error::Unknown`] with the nearest weekday.
    pub fn parse(text: &str) -> Result<Self> {
        WEEKDAYS
            .iter()
            .find(|(name, _)| *name == text)
            .map(|(_, day)| Self(*day))
            .ok_or_else(|| {
                Error::unknown(
                    "weekday",
                    "week_start",
                    text,
                    WEEKDAYS.map(|(name, _)| name),
                )
            })
    }

    /// Lower-case English name.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        WEEKDAYS[self.0.num_days_from_monday() as usize].0
    }
}

impl Default for WeekStart {
    fn default() -> Self {
        Self(Weekday::Mon)
    }
}

impl Serialize for WeekStart {
    fn serialize<S: serde::Serializer>(
        &self,
        serializer: S,
    ) -> std::result::Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for WeekStart {
    fn deserialize<D: serde::Deserializer<'de>>(
        deserializer: D,
    ) -> std::result::Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::parse(&text).map_err(serde::de::Error::custom)
    }
}

/// How a workspace reads its numbers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkspaceSettings {
    /// `today` is the day in this zone.
    pub time_zone: Tz,
    /// Preferred currency, if any.
    pub currency: Option<Currency>,
    /// First day of a week.
    pub week_start: WeekStart,
    /// First month of the fiscal year, 1 to 12.
    pub fiscal_year_start: u32,
    /// `en` or `ja`.
    pub language: String,
}

impl Default for WorkspaceSettings {
    fn default() -> Self {
        Self {
            time_zone: Tz::UTC,
            currency: None,
            week_start: WeekStart::default(),
            fiscal_year_start: 1,
            language: "en".to_owned(),
        }
    }
}

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Workspace {
    /// Internal id.
    pub id: WorkspaceId,
    /// Id outside, `ws_…`.
    pub public_id: PublicId,
    /// Name.
    pub name: String,
    /// Settings.
    pub settings: WorkspaceSettings,
}

/// What a member may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Reads.
    Viewer,
    /// Links and refreshes accounts.
    Editor,
    /// Everything.
    Owner,
}

impl Role {
    /// `viewer`, `editor` or `owner`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Owner => "owner",
        }
    }
}

/// A user to be created.
#[derive(Debug, Clone)]
pub struct NewUser {
    /// E-mail address, compared without case.
    pub email: String,
    /// Name for people.
    pub name: String,
    /// PHC string of the password's hash.
    pub password_hash: SecretString,
}

/// A stored user.
#[derive(Debug, Clone)]
pub struct User {
    /// Internal id.
    pub id: UserId,
    /// E-mail address in lower case.
    pub email: String,
    /// Name for people.
    pub name: String,
    /// PHC string of the password's hash.
    pub password_hash: SecretString,
    /// Whether the user looks after the whole instance, across workspaces.
    pub operator: bool,
}

/// A user's membership.
#[derive(Debug, Clone)]
pub struct Member {
    /// The workspace.
    pub workspace: Workspace,
    /// The user.
    pub user: User,
    /// What the user may do there.
    pub role: Role,
}

/// A browser session, as the server's session layer stores it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRecord {
    /// Hash of the session's id; the id itself is only in the cookie.
    pub id_hash: Vec<u8>,
    /// The session layer's own payload (JSON).
    pub data: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}
