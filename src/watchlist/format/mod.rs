//! One file per list format, told apart by content.
