//! `analytics serve`

use std::process::ExitCode;

use clap::Args;

use super::{CommandError, metrics_port, open, output, stop};
use crate::{app::Role, config::Settings};

/// Flags of `serve`.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  analytics serve\n  analytics serve --listen 0.0.0.0:8080 --public-url https://analytics.example.com\n\nThe first start prints a link that sets the server up."
)]
pub(crate) struct ServeArgs {
    /// What this process does
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub(crate) role: Role,
    /// Address and port [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<String>,
    /// Where people open the app [default: the address it listens on]
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
}

pub(crate) async fn run(args: ServeArgs, mut settings: Settings) -> Result<ExitCode, CommandError> {
    if let Some(listen) = &args.listen {
        settings.set("ANALYTICS_LISTEN", listen);
    }
    if let Some(url) = &args.public_url {
        settings.set("ANALYTICS_PUBLIC_URL", url);
    }
    let listen = settings.listen()?;
    let serves = matches!(args.role, Role::All | Role::Web);
    let listener = if serves {
        Some(
            tokio::net::TcpListener::bind(listen)
                .await
                .map_err(|error| {
                    CommandError::failed(format!(
                        "cannot listen on {listen}: {error}; choose another address with --listen"
                    ))
                })?,
        )
    } else {
        None
    };
    let metrics = metrics_port::bind(&settings).await?;
    // Port 0 asks for a free one: the public address names the one that was given.
    let listen = match &listener {
        Some(listener) => listener.local_addr()?,
        None => listen,
    };
    let public_url = settings.public_url(listen)?;
    let (app, keys) = open::app(&settings, public_url.clone()).await?;
    open::check_key(&*app.shared().store).await?;
    if let Some(path) = &keys.created {
        output::print(&format!(
            "Made a master key: {}. Keep a copy of it apart from the database: without it every account must be linked again.\n",
            path.display()
        ))?;
    }
    metrics_port::serve(&app, metrics);
    app.start(args.role).await;
    let Some(listener) = listener else {
        tracing::info!(role = ?args.role, "running");
        stop::requested().await;
        app.shut_down().await;
        return Ok(ExitCode::SUCCESS);
    };
    if let Some(link) = app.setup_link() {
        output::print(&format!(
            "Open this link to set up the server (it works once):\n\n  {}\n\n",
            link.0
        ))?;
    }
    output::print(&format!("Analytics answers at {public_url}\n"))?;
    until_stopped(&app, listener).await?;
    Ok(ExitCode::SUCCESS)
}

/// Serves until the process is asked to stop, then ends cleanly.
pub(crate) async fn until_stopped(
    app: &crate::App,
    listener: tokio::net::TcpListener,
) -> Result<(), CommandError> {
    let server = tokio::spawn({
        let app = app.clone();
        async move { app.serve(listener).await }
    });
    let abort = server.abort_handle();
    tokio::select! {
        () = stop::requested() => {}
        // Nobody asked for the end, so this is a failure.
        ended = server => {
            app.shut_down().await;
            return match ended {
                Ok(Err(error)) => Err(error.into()),
                _ => Err(CommandError::failed("the server stopped by itself")),
            };
        }
    }
    tracing::info!("shutting down");
    app.shut_down().await;
    // Connections that browsers keep open must not keep the process alive.
    abort.abort();
    Ok(())
}
