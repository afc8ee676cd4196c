//! Cells merged downwards: every row they span says what the first one says.

use std::collections::BTreeMap;

use calamine::Dimensions;

use super::rows::Cell;

/// The merged cells of a sheet, gone through row by row.
pub struct Merged {
    /// First row, column, last row; by first row.
    coming: std::iter::Peekable<std::vec::IntoIter<(u32, u32, u32)>>,
    /// Column → last row and the cell of the first.
    open: BTreeMap<u32, (u32, Cell)>,
}

impl Merged {
    pub fn new(regions: &[Dimensions]) -> Self {
        let mut coming: Vec<(u32, u32, u32)> = regions
            .iter()
            .filter(|region| region.end.0 > region.start.0)
            .map(|region| (region.start.0, region.start.1, region.end.0))
            .collect();
        coming.sort_unstable();
        Self { coming: coming.into_iter().peekable(), open: BTreeMap::new() }
    }

    /// Fills the cells of a row that belong to cells above. Rows come in order.
    pub fn fill(&mut self, row: u32, cells: &mut Vec<Cell>) {
        cells.sort_by_key(|(column, ..)| *column);
        let own =
            |cells: &[Cell], wanted: u32| cells.binary_search_by_key(&wanted, |(column, ..)| *column).ok();
        self.open.retain(|_, (last, _)| *last >= row);
        let above: Vec<Cell> = self
            .open
            .iter()
            .filter(|(column, _)| own(cells, **column).is_none())
            .map(|(_, (_, cell))| cell.clone())
            .collect();
        while let Some((first, column, last)) = self.coming.next_if(|(first, ..)| *first <= row) {
            // Of a row without a cell nothing is known, so nothing is repeated.
            let cell = own(cells, column).and_then(|at| cells.get(at));
            if let Some(cell) = cell.filter(|_| first == row) {
                self.open.insert(column, (last, cell.clone()));
            }
        }
        if !above.is_empty() {
            cells.extend(above);
            cells.sort_by_key(|(column, ..)| *column);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::shown::Kind;
    use super::*;

    #[test]
    fn a_cell_merged_downwards_is_said_in_every_row_and_no_further() {
        let region = |start, end| Dimensions { start, end };
        let mut merged = Merged::new(&[region((1, 0), (2, 0)), region((1, 1), (1, 3))]);
        let cell = |column: u32, text: &str| (column, text.to_owned(), Kind::Text);
        let mut row = vec![cell(0, "SO-1"), cell(1, "a")];
        merged.fill(1, &mut row);
        assert_eq!(row, [cell(0, "SO-1"), cell(1, "a")]);
        let mut row = vec![cell(1, "b")];
        merged.fill(2, &mut row);
        assert_eq!(row, [cell(0, "SO-1"), cell(1, "b")]);
        let mut row = vec![cell(1, "c")];
        merged.fill(3, &mut row);
        assert_eq!(row, [cell(1, "c")]);
    }
}
