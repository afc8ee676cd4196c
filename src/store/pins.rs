//! `lists.lock`: the editions that a project screens against.

use serde::{Deserialize, Serialize};

use super::record::{Record, VERSION};

/// One pinned edition.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pin {
    pub source: String,
    pub edition: String,
    pub sha256: String,
}

/// All pins of a project, in the order of their sources.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Pins {
    pub version: u32,
    #[serde(default, rename = "list")]
    pub lists: Vec<Pin>,
}

/// What stands above the pins in the file.
const HEAD: &str = "# The editions of lists that this project screens against. Written by\n\
                    # `redflag lists update` and `lists import`; keep it under version control.\n\n";

impl Default for Pins {
    fn default() -> Self {
        Self { version: VERSION, lists: Vec::new() }
    }
}

impl Pins {
    /// Reads the file.
    ///
    /// # Errors
    /// Why it is no such file, in words.
    pub fn parse(text: &str) -> Result<Self, String> {
        let pins: Self = toml::from_str(text).map_err(|error| error.to_string().trim().to_owned())?;
        if pins.version == VERSION {
            return Ok(pins);
        }
        Err(format!("it is of version {}, which this program does not know", pins.version))
    }

    /// The text of the file.
    ///
    /// # Errors
    /// Never for pins that this program made.
    pub fn write(&self) -> Result<String, String> {
        toml::to_string(self).map(|text| format!("{HEAD}{text}")).map_err(|error| error.to_string())
    }

    #[must_use]
    pub fn of(&self, source: &str) -> Option<&Pin> {
        self.lists.iter().find(|pin| pin.source == source)
    }

    /// Pins an edition in the place of the source's last one.
    pub fn set(&mut self, record: &Record) {
        self.lists.retain(|pin| pin.source != record.source);
        self.lists.push(Pin {
            source: record.source.clone(),
            edition: record.edition.clone(),
            sha256: record.sha256.clone(),
        });
        self.lists.sort_by(|a, b| a.source.cmp(&b.source));
    }
}
