//! Who looks after the whole instance.

use analytics_core::{Store, model::User};

use super::{CommandError, output};

/// Makes a user an operator, or ends that; the last one stays.
pub(crate) async fn set(
    store: &dyn Store,
    user: &User,
    operator: bool,
) -> Result<(), CommandError> {
    if !operator && user.operator && operators(store).await? == 1 {
        return Err(CommandError::usage(format!(
            "{} is the only operator; make somebody else one first: analytics user operator EMAIL",
            user.email
        )));
    }
    store.set_operator(user.id, operator).await?;
    output::print(&format!(
        "{} is {} operator of this server.\n",
        user.email,
        if operator { "an" } else { "no longer an" }
    ))
}

async fn operators(store: &dyn Store) -> Result<usize, CommandError> {
    let users = store.users().await?;
    Ok(users.iter().filter(|user| user.operator).count())
}
