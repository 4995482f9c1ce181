//! What is asked of the user. The flow itself is Facebook Login, shared with Meta's other
//! platforms: profiles are reached through the pages they are connected to.

use analytics_core::model::Text;

use super::{INSIGHTS, POSTS};
use crate::connector::Scope;

/// Scopes, each with its reason.
pub(super) fn scopes() -> Vec<Scope> {
    vec![
        Scope::required(
            "instagram_basic",
            Text::new(
                "To read your profile, its followers and its posts. Nothing is ever changed there.",
                "プロフィール・フォロワー数・投稿を読み取るため。変更は一切行いません。",
            ),
        ),
        Scope::required(
            "pages_show_list",
            Text::new(
                "To find the Pages that your profiles are connected to.",
                "プロフィールに紐づくFacebookページを見つけるため。",
            ),
        ),
        Scope::required(
            "pages_read_engagement",
            Text::new(
                "To find the profile of a Page.",
                "ページに紐づくプロフィールを見つけるため。",
            ),
        ),
        Scope::optional(
            "instagram_manage_insights",
            Text::new(
                "To read views, reach and reactions of your profile and its posts.",
                "プロフィールや投稿の表示回数・リーチ・反応を読み取るため。",
            ),
            &[INSIGHTS, POSTS],
        ),
        Scope::optional(
            "business_management",
            Text::new(
                "To find profiles whose Page belongs to a business portfolio.",
                "ビジネスポートフォリオに属するページのプロフィールを見つけるため。",
            ),
            &[],
        ),
    ]
}
