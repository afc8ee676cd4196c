//! Records to look up, in memory or in a file.

use std::io;
use std::sync::Arc;

use super::segment::Segment;

/// Key and body.
pub type Record = (Box<[u8]>, Box<[u8]>);

/// Records in the order of their keys.
#[derive(Clone, Debug)]
pub enum Table {
    Memory(Arc<[Record]>),
    File(Arc<Segment>),
}

impl Table {
    /// Visits the records whose keys begin with `prefix`, in order.
    ///
    /// # Errors
    /// When a file can't be read or is damaged.
    pub fn scan(&self, prefix: &[u8], visit: &mut dyn FnMut(&[u8], &[u8])) -> io::Result<()> {
        match self {
            Self::File(segment) => segment.scan(prefix, visit),
            Self::Memory(records) => {
                let start = records.partition_point(|(key, _)| **key < *prefix);
                let rest = records.get(start..).unwrap_or_default();
                for (key, body) in rest.iter().take_while(|(key, _)| key.starts_with(prefix)) {
                    visit(key, body);
                }
                Ok(())
            }
        }
    }
}
