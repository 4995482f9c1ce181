//! What is asked of the user.

use analytics_core::model::Text;

use crate::connector::Scope;

/// Scopes, each with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![
        Scope::required(
            "tweet.read",
            Text::new(
                "To read your posts and what they collect. Nothing is ever posted or changed.",
                "投稿とその数値を読み取るため。投稿や変更は一切行いません。",
            ),
        ),
        Scope::required(
            "users.read",
            Text::new(
                "To read your profile and its number of followers.",
                "プロフィールとフォロワー数を読み取るため。",
            ),
        ),
        Scope::required(
            "offline.access",
            Text::new(
                "To go on reading every day without asking you again.",
                "再度の確認なしに、毎日自動で読み取るため。",
            ),
        ),
    ]
}
