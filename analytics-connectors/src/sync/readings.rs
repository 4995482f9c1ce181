//! Readings of what the platform tells only as it is now.

use analytics_core::model::{DateRange, Slice};

use super::{
    calendar,
    outcome::SyncFailure,
    snapshots::{PlannedFleeting, PlannedSnapshot},
    work::{Done, Saved, Worker, concerns_only_this},
};
use crate::connector::FetchRequest;

impl Worker<'_> {
    /// Takes a snapshot of the day that has ended last. If the work waited over a midnight, that is
    /// another day by now, for which another one is planned next.
    pub(super) async fn snapshot(&self, planned: PlannedSnapshot) -> Result<Done, SyncFailure> {
        let mut done = Done::default();
        let zone = self.account.time_zone;
        let date = calendar::last_ready(zone, 0, self.clock.now()).date;
        if date != planned.date {
            return Ok(done);
        }
        let range = DateRange::day(date);
        let request = FetchRequest::Snapshot {
            feed: planned.feed.clone(),
            date,
            since: planned.since,
        };
        let blank = self.blank(planned.level, &planned.feed, range);
        match self.fetch_and_save(blank, request).await? {
            Ok(receipt) => done.slices.push(Saved {
                level: planned.level,
                range,
                receipt,
            }),
            Err(error) if concerns_only_this(&error) => {
                self.note_failure(&mut done, planned.level, &planned.feed, range, error)
                    .await?;
            }
            Err(error) => done.stop = Some(error),
        }
        Ok(done)
    }

    /// Reads posts that soon are gone, for the running day. It covers nothing, so that nothing is
    /// noted where it fails: it comes again.
    pub(super) async fn fleeting(&self, planned: PlannedFleeting) -> Result<Done, SyncFailure> {
        let mut done = Done {
            fleeting: Some((planned.level, planned.feed.clone())),
            ..Done::default()
        };
        let today = self.clock.now().with_timezone(&self.account.time_zone);
        let date = today.date_naive();
        let request = FetchRequest::Fleeting {
            feed: planned.feed.clone(),
            date,
        };
        let slice = self.blank(planned.level, &planned.feed, DateRange::day(date));
        let slice = Slice {
            partial: true,
            ..slice
        };
        match self.fetch_and_save(slice, request).await? {
            Ok(receipt) => done.slices.push(Saved {
                level: planned.level,
                range: DateRange::day(date),
                receipt,
            }),
            Err(error) if concerns_only_this(&error) => done.failure = Some(error),
            Err(error) => done.stop = Some(error),
        }
        Ok(done)
    }
}
