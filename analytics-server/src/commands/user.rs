//! `analytics user`

use std::{
    io::{BufRead, IsTerminal},
    process::ExitCode,
};

use analytics_core::{
    Store,
    model::{Member, NewUser, Role, User, WorkspaceSettings},
};
use clap::{Args, Subcommand, ValueEnum};
use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use super::{CommandError, InWorkspace, open, output, user_operator};
use crate::{auth::password, config::Settings, routes::setup};

/// Flags of `user`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics user add mika@example.com --name Mika --role editor\n  analytics user passwd mika@example.com < password.txt\n\nThe password is asked for on a terminal, or read as the first line of standard input, or taken from ANALYTICS_PASSWORD."
)]
pub(crate) struct UserArgs {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    common: InWorkspace,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Adds a user to the workspace; in an empty database, its owner
    Add {
        /// E-mail address
        email: String,
        /// Name [default: the part before the @]
        #[arg(long)]
        name: Option<String>,
        /// What the user may do
        #[arg(long, value_enum, default_value_t = RoleArg::Viewer)]
        role: RoleArg,
        /// Lets the user look after the whole server, across workspaces
        #[arg(long)]
        operator: bool,
    },
    /// Lets a user look after the whole server, across workspaces
    Operator {
        /// E-mail address
        email: String,
        /// Ends it
        #[arg(long)]
        revoke: bool,
    },
    /// Lists users with their workspaces and roles
    List,
    /// Sets a password and ends the user's sessions
    Passwd {
        /// E-mail address
        email: String,
    },
    /// Removes a user
    Remove {
        /// E-mail address
        email: String,
    },
}

/// A role on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleArg {
    /// Reads
    Viewer,
    /// Links and refreshes accounts
    Editor,
    /// Everything
    Owner,
}

impl From<RoleArg> for Role {
    fn from(role: RoleArg) -> Self {
        match role {
            RoleArg::Viewer => Self::Viewer,
            RoleArg::Editor => Self::Editor,
            RoleArg::Owner => Self::Owner,
        }
    }
}

pub(crate) async fn run(args: UserArgs, settings: &Settings) -> Result<ExitCode, CommandError> {
    let (store, _) = open::store(settings).await?;
    let result = match args.action {
        Action::Add {
            email,
            name,
            role,
            operator,
        } => {
            let added = add(&*store, settings, &args.common, &email, name, role.into()).await;
            match added {
                Ok(()) if operator => set_operator(&*store, &email, true).await,
                added => added,
            }
        }
        Action::Operator { email, revoke } => set_operator(&*store, &email, !revoke).await,
        Action::List => list(&*store, &args.common).await,
        Action::Passwd { email } => passwd(&*store, settings, &email).await,
        Action::Remove { email } => remove(&*store, &email).await,
    };
    store.close().await;
    result.map(|()| ExitCode::SUCCESS)
}

async fn add(
    store: &dyn Store,
    settings: &Settings,
    common: &InWorkspace,
    email: &str,
    name: Option<String>,
    role: Role,
) -> Result<(), CommandError> {
    let email = setup::email("EMAIL", email)?;
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
    let known = store.user_by_email(&email).await?;
    let first = store.users().await?.is_empty();
    let (user, workspace, role) = if first {
        let user = new_user(settings, email, name).await?;
        let workspace = common.workspace.as_deref().unwrap_or("My workspace");
        let member = store
            .set_up(workspace, &WorkspaceSettings::default(), &user)
            .await?;
        (member.user, member.workspace, member.role)
    } else {
        let workspace = open::workspace(store, common.workspace.as_deref()).await?;
        let user = match known {
            Some(user) => user,
            None => {
                store
                    .create_user(&new_user(settings, email, name).await?)
                    .await?
            }
        };
        store.save_member(workspace.id, user.id, role).await?;
        (user, workspace, role)
    };
    if common.json {
        return output::print_json(
            &json!({"email": user.email, "name": user.name, "workspace": workspace.name, "role": role}),
        );
    }
    output::print(&format!(
        "{} is {} of {}.\n",
        user.email,
        role.as_str(),
        workspace.name
    ))
}

async fn new_user(
    settings: &Settings,
    email: String,
    name: String,
) -> Result<NewUser, CommandError> {
    Ok(NewUser {
        email,
        name,
        password_hash: password::hash(read_password(settings)?).await?,
    })
}

async fn list(store: &dyn Store, common: &InWorkspace) -> Result<(), CommandError> {
    if let Some(wanted) = common.workspace.as_deref() {
        open::workspace(store, Some(wanted)).await?;
    }
    let mut members = Vec::new();
    for user in store.users().await? {
        let memberships = store.memberships(user.id).await?;
        members.push((user, memberships));
    }
    let shown = |member: &Member| {
        common.workspace.as_deref().is_none_or(|wanted| {
            member.workspace.name == wanted || member.workspace.public_id.as_str() == wanted
        })
    };
    if common.json {
        let users: Vec<_> = members
            .iter()
            .map(|(user, memberships)| {
                let roles: Vec<_> = memberships
                    .iter()
                    .filter(|member| shown(member))
                    .map(|member| json!({"workspace": member.workspace.name, "id": member.workspace.public_id, "role": member.role}))
                    .collect();
                json!({"email": user.email, "name": user.name, "operator": user.operator, "workspaces": roles})
            })
            .collect();
        return output::print_json(&json!({ "users": users }));
    }
    let rows: Vec<Vec<String>> = members
        .iter()
        .flat_map(|(user, memberships)| {
            memberships
                .iter()
                .filter(|member| shown(member))
                .map(|member| {
                    vec![
                        user.email.clone(),
                        user.name.clone(),
                        member.workspace.name.clone(),
                        member.role.as_str().to_owned(),
                    ]
                })
        })
        .collect();
    output::print(&output::table(
        &["e-mail", "name", "workspace", "role"],
        &rows,
    ))
}

async fn passwd(store: &dyn Store, settings: &Settings, email: &str) -> Result<(), CommandError> {
    let user = find(store, email).await?;
    let hash = password::hash(read_password(settings)?).await?;
    store.set_password(user.id, &hash).await?;
    output::print(&format!(
        "The password of {} is set; its sessions have ended.\n",
        user.email
    ))
}

async fn set_operator(store: &dyn Store, email: &str, operator: bool) -> Result<(), CommandError> {
    let user = find(store, email).await?;
    user_operator::set(store, &user, operator).await
}

async fn remove(store: &dyn Store, email: &str) -> Result<(), CommandError> {
    let user = find(store, email).await?;
    for membership in store.memberships(user.id).await? {
        if membership.role == Role::Owner && is_only_owner(store, &membership).await? {
            return Err(CommandError::usage(format!(
                "{} is the only owner of {}; make somebody else one first: analytics user add EMAIL --role owner",
                user.email, membership.workspace.name
            )));
        }
    }
    store.remove_user(user.id).await?;
    output::print(&format!("{} is removed.\n", user.email))
}

async fn is_only_owner(store: &dyn Store, membership: &Member) -> Result<bool, CommandError> {
    for other in store.users().await? {
        if other.id == membership.user.id {
            continue;
        }
        let owns = store.memberships(other.id).await?.iter().any(|theirs| {
            theirs.workspace.id == membership.workspace.id && theirs.role == Role::Owner
        });
        if owns {
            return Ok(false);
        }
    }
    Ok(true)
}

async fn find(store: &dyn Store, email: &str) -> Result<User, CommandError> {
    if let Some(user) = store.user_by_email(email).await? {
        return Ok(user);
    }
    let users = store.users().await?;
    let known = users.iter().map(|user| user.email.as_str());
    Err(analytics_core::Error::unknown("user", "EMAIL", email, known).into())
}

/// The password: from the environment, asked for twice on a terminal, else the first line of
/// standard input.
fn read_password(settings: &Settings) -> Result<SecretString, CommandError> {
    let password = if let Some(password) = settings.secret("ANALYTICS_PASSWORD") {
        password
    } else if std::io::stdin().is_terminal() {
        ask()?
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line)?;
        SecretString::from(line.trim_end_matches(['\r', '\n']))
    };
    password::check("password", &password)?;
    Ok(password)
}

fn ask() -> Result<SecretString, CommandError> {
    let terminal = console::Term::stderr();
    terminal.write_str("Password (at least 12 characters): ")?;
    let first = SecretString::from(terminal.read_secure_line()?);
    terminal.write_str("Once more: ")?;
    let second = SecretString::from(terminal.read_secure_line()?);
    if first.expose_secret() == second.expose_secret() {
        Ok(first)
    } else {
        Err(CommandError::usage("the two passwords differ"))
    }
}
