//! What makes posts those of X: whom they answer, whose they repeat, where they lead, and what
//! becomes of them.

use chrono::{DateTime, Days, Duration, Utc};

use super::ids::snowflake;
use crate::simulator::world::{
    Dice,
    posts::{Edit, Post, PostKind, Relation},
};

/// Shares of a user's posts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mix {
    pub(super) reposts: f64,
    pub(super) replies: f64,
}

/// Posts of one user, oldest first.
pub(super) fn all(posts: Vec<Post>, user: &str, mix: Mix) -> Vec<Post> {
    let mut posts: Vec<(u64, Post)> = posts
        .into_iter()
        .map(|post| dressed(post, user, mix))
        .collect();
    posts.sort_by_key(|(id, _)| *id);
    posts.into_iter().map(|(_, post)| post).collect()
}

/// Somebody else's post of a few hours before, and who wrote it.
fn stranger(at: DateTime<Utc>, dice: Dice) -> (String, String) {
    let before = at - Duration::minutes(dice.of("before").days(5, 900));
    let joined = at - Duration::days(dice.of("joined").days(300, 3_000));
    (
        snowflake(before, dice.of("theirs")).to_string(),
        snowflake(joined, dice.of("whose")).to_string(),
    )
}

fn dressed(mut post: Post, user: &str, mix: Mix) -> (u64, Post) {
    let dice = post.dice.of("x");
    post.published += Duration::seconds(dice.of("second").days(0, 59));
    let id = snowflake(post.published, dice);
    post.id = id.to_string();
    let text = post.text.take().unwrap_or_default();
    let share = dice.of("relation").unit();
    if share < mix.reposts {
        post.kind = PostKind::Status;
        let (theirs, _) = stranger(post.published, dice);
        post.relation = Relation::Repost { post: theirs };
        let head: String = text.chars().take(60).collect();
        post.text = Some(format!(
            "RT @sample_{}: {head}…",
            dice.of("name").below(900)
        ));
        return (id, post);
    }
    if dice.of("gone").chance(0.02) {
        let days = dice.of("gone after").days(1, 60).unsigned_abs();
        post.gone = post.day().checked_add_days(Days::new(days));
    }
    if share < mix.reposts + mix.replies {
        post.kind = PostKind::Status;
        let (theirs, whose) = stranger(post.published, dice);
        // Now and then a thread of one's own.
        let own = dice.of("thread").chance(0.15);
        post.text = Some(if own {
            text
        } else {
            format!("@sample_{} {text}", dice.of("name").below(900))
        });
        post.relation = Relation::Reply {
            post: theirs,
            user: if own { user.to_owned() } else { whose },
        };
        return (id, post);
    }
    let mut text = text;
    let shortened = |text: &mut String, dice: Dice| {
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&format!("https://t.co/{:010x}", dice.below(1 << 40)));
    };
    if dice.of("link").chance(0.45) {
        shortened(&mut text, dice.of("link"));
        post.link = Some(format!("https://example.com/news/{}", id % 100_000));
    }
    if post.kind == PostKind::Video {
        shortened(&mut text, dice.of("video"));
    }
    post.text = Some(text);
    // Answers cannot be edited.
    if dice.of("edited").chance(0.01) {
        let at = post.published + Duration::seconds(dice.of("edited at").days(60, 29 * 60));
        let id = snowflake(at, dice.of("edit")).to_string();
        post.edit = Some(Edit { at, id });
    }
    (id, post)
}
