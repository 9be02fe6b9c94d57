//! Which columns the blocks of an input have; a column gets its place when it is first asked for, so that
//! nothing is read that no expression uses.

use super::source::{Place, Source};
use crate::engine::exec::tree::{Expr, Slot, TagPlace};

/// The columns of an input that is being planned.
#[derive(Clone)]
pub(super) enum Layout {
    /// Rows of tables; the first column is always the primary timestamp.
    Rows(Vec<Slot>),
    /// Tags of tables, one row for each table.
    Tags(Vec<TagPlace>),
}

impl Layout {
    /// Rows, so far of the primary timestamp only.
    pub(super) fn rows(source: &Source) -> Layout {
        Layout::Rows(vec![Slot::Column(source.scan_column(0))])
    }

    /// Tags, so far none.
    pub(super) fn tags() -> Layout {
        Layout::Tags(Vec::new())
    }

    /// The expression for a column or tag; none for a column where there are tags only.
    pub(super) fn column(&mut self, source: &Source, place: Place) -> Option<Expr> {
        let index = match self {
            Layout::Rows(slots) => {
                let slot = match (place, source.tag_place(place)) {
                    (_, Some(tag)) => Slot::Tag(tag),
                    (Place::Column(column), None) => Slot::Column(source.scan_column(column)),
                    (Place::Tag(_) | Place::TableName, None) => return None,
                };
                place_of(slots, slot)
            }
            Layout::Tags(tags) => place_of(tags, source.tag_place(place)?),
        };
        Some(Expr::Column(index, source.type_of(place)))
    }

    /// The columns, when they are of rows.
    pub(super) fn into_slots(self) -> Vec<Slot> {
        match self {
            Layout::Rows(slots) => slots,
            Layout::Tags(tags) => tags.into_iter().map(Slot::Tag).collect(),
        }
    }

    /// The tags among the columns.
    pub(super) fn into_tags(self) -> Vec<TagPlace> {
        match self {
            Layout::Tags(tags) => tags,
            Layout::Rows(slots) => slots
                .into_iter()
                .filter_map(|slot| match slot {
                    Slot::Tag(tag) => Some(tag),
                    Slot::Column(_) => None,
                })
                .collect(),
        }
    }
}

fn place_of<T: PartialEq>(items: &mut Vec<T>, item: T) -> usize {
    items.iter().position(|known| *known == item).unwrap_or_else(|| {
        items.push(item);
        items.len() - 1
    })
}
