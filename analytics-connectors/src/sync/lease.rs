//! The right to work on an account, held while somebody works.

use std::{sync::Arc, time::Duration};

use analytics_core::{Error, Store, model::Lease};
use tokio::{sync::watch, task::JoinHandle, time::Instant};

/// A lease that is renewed in the background until it is released, dropped or lost.
#[derive(Debug)]
pub(super) struct HeldLease {
    store: Arc<dyn Store>,
    lease: Lease,
    renewal: JoinHandle<()>,
    lost: watch::Receiver<bool>,
    released: bool,
}

impl HeldLease {
    /// Holds `lease`, which was just taken for `ttl`.
    pub(super) fn hold(store: Arc<dyn Store>, lease: Lease, ttl: Duration) -> Self {
        let (tell, lost) = watch::channel(false);
        let renewal = tokio::spawn(renew(Arc::clone(&store), lease.clone(), ttl, tell));
        Self {
            store,
            lease,
            renewal,
            lost,
            released: false,
        }
    }

    pub(super) fn lease(&self) -> &Lease {
        &self.lease
    }

    /// Waits until the lease is lost; for ever, if it is not.
    pub(super) async fn lost(&self) {
        let mut lost = self.lost.clone();
        if lost.wait_for(|lost| *lost).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Gives the lease back, so that the next one need not wait for it to expire.
    pub(super) async fn release(mut self) {
        self.released = true;
        self.renewal.abort();
        if let Err(error) = self.store.release_lease(&self.lease).await {
            tracing::warn!(account = self.lease.account.0, %error, "a lease could not be released; it will expire");
        }
    }
}

impl Drop for HeldLease {
    fn drop(&mut self) {
        self.renewal.abort();
        if self.released {
            return;
        }
        // Somebody stopped waiting for the work (a shutdown, say). Best effort: it expires anyway.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let (store, lease) = (Arc::clone(&self.store), self.lease.clone());
            runtime.spawn(async move {
                let _ = store.release_lease(&lease).await;
            });
        }
    }
}

async fn renew(store: Arc<dyn Store>, lease: Lease, ttl: Duration, tell: watch::Sender<bool>) {
    let mut good_until = Instant::now() + ttl;
    loop {
        tokio::time::sleep(ttl / 3).await;
        let asked = Instant::now();
        match tokio::time::timeout_at(good_until, store.renew_lease(&lease, ttl)).await {
            Ok(Ok(())) => good_until = asked + ttl,
            Ok(Err(Error::LeaseLost { .. })) | Err(_) => break,
            // The database may be back before the lease ends.
            Ok(Err(error)) if Instant::now() < good_until => {
                tracing::warn!(account = lease.account.0, %error, "a lease could not be renewed yet");
            }
            Ok(Err(_)) => break,
        }
    }
    tell.send_replace(true);
}
