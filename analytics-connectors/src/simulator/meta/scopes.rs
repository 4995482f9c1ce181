//! Permissions of Facebook Login.

/// Scopes by bit, with what the consent page says of them. The first is always granted.
pub(crate) const SCOPES: [(&str, &str); 12] = [
    ("public_profile", "Your name and profile picture"),
    ("email", "Your email address"),
    ("ads_read", "Access your Facebook ads and related stats"),
    ("ads_management", "Manage your Facebook ads"),
    ("business_management", "Manage your business"),
    ("pages_show_list", "See a list of the Pages you manage"),
    ("pages_read_engagement", "Read content posted on your Pages"),
    ("pages_read_user_content", "Read user content on your Pages"),
    ("read_insights", "Read insights of your Pages and apps"),
    (
        "instagram_basic",
        "Access profile and posts of your Instagram account",
    ),
    (
        "instagram_manage_insights",
        "Access insights of your Instagram account",
    ),
    ("leads_retrieval", "Read leads collected by your ads"),
];

/// A set of scopes, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Scopes(pub(crate) u16);

impl Scopes {
    /// What every login grants.
    pub(crate) const ALWAYS: Self = Self(1);
    /// Everything there is.
    pub(crate) const ALL: Self = Self((1 << SCOPES.len()) - 1);

    /// The set of the names, separated by commas or spaces, or the first name nobody knows.
    pub(crate) fn parse(names: &str) -> Result<Self, String> {
        let mut names = names.split([',', ' ']).filter(|name| !name.is_empty());
        names.try_fold(Self::default(), |set, name| {
            let bit = SCOPES.iter().position(|(known, _)| *known == name);
            Ok(Self(set.0 | 1 << bit.ok_or_else(|| name.to_owned())?))
        })
    }

    pub(crate) fn has(self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }

    pub(crate) fn names(self) -> impl Iterator<Item = &'static str> {
        self.entries().map(|(name, _)| name)
    }

    /// Name and description of each.
    pub(crate) fn entries(self) -> impl Iterator<Item = (&'static str, &'static str)> {
        let entries = SCOPES.iter().enumerate();
        entries
            .filter(move |(bit, _)| self.0 & (1 << bit) != 0)
            .map(|(_, entry)| *entry)
    }

    pub(crate) fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub(crate) fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    pub(crate) fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}
