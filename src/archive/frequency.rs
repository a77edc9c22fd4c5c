//! In how many issues of the archive a passage stands, as the cleaning of one issue asks.

use super::{Archive, key};
use crate::error::Error;
use crate::reuse::Elsewhere;
use std::fmt;
use std::sync::{Mutex, PoisonError};

/// An archive that is asked while an issue is cleaned.
pub struct Frequency<'a> {
    archive: &'a Archive,
    fault: Mutex<Option<Error>>,
}

impl<'a> Frequency<'a> {
    /// Over an archive.
    pub fn new(archive: &'a Archive) -> Self {
        Frequency { archive, fault: Mutex::default() }
    }

    /// What went wrong when the archive was asked; the answer to that question was that nothing is known.
    pub fn fault(self) -> Option<Error> {
        self.fault.into_inner().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Frequency<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Frequency over {} issues", self.archive.issues().len())
    }
}

impl Elsewhere for Frequency<'_> {
    fn issues(&self, seeds: &[u64]) -> Vec<u32> {
        let mut keys: Vec<u64> = seeds.iter().map(|hash| key(*hash)).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut counts = vec![0; keys.len()];
        let asked =
            self.archive.frequency(&keys, |at, count| counts.iter_mut().skip(at).take(1).for_each(|c| *c = count));
        match asked {
            Ok(()) => counts,
            Err(fault) => {
                self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(fault);
                Vec::new()
            }
        }
    }
}
