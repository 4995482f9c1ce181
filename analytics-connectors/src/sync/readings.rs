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

    /// Reads posts that soon are gone, for the running day: the one it was planned for, since the
    /// day before must be read first. It covers nothing, so that nothing is noted where it fails: it
    /// comes again.
    pub(super) async fn fleeting(&self, planned: PlannedFleeting) -> Result<Done, SyncFailure> {
        let mut done = Done::default();
        let zone = self.account.time_zone;
        if self.clock.now().with_timezone(&zone).date_naive() != planned.date {
            return Ok(done);
        }
        done.fleeting = Some((planned.level, planned.feed.clone()));
        let range = DateRange::day(planned.date);
        let request = FetchRequest::Fleeting {
            feed: planned.feed.clone(),
            date: planned.date,
        };
        let blank = Slice {
            partial: true,
            ..self.blank(planned.level, &planned.feed, range)
        };
        let read = match self.fetch(blank, request).await {
            // Nothing is there, so nothing changes.
            Ok(slice) if slice.entities.is_empty() && slice.counters.is_empty() => return Ok(done),
            Ok(slice) => self.save(&slice).await?,
            Err(error) => Err(error),
        };
        match read {
            Ok(receipt) => done.slices.push(Saved {
                level: planned.level,
                range,
                receipt,
            }),
            Err(error) if concerns_only_this(&error) => done.failure = Some(error),
            Err(error) => done.stop = Some(error),
        }
        Ok(done)
    }
}
