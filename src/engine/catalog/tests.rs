//! What was defined is found again, whatever happened to the process or the log in between.

use std::path::Path;
use std::sync::Arc;

use super::change::tests::schema;
use super::*;
use crate::engine::storage::ColumnId;
use crate::engine::storage::files;
use crate::types::Value;

fn open(files: &Arc<dyn Files>) -> Catalog {
    Catalog::open(files.clone(), Path::new("/db")).unwrap()
}

fn parent(database: &Database, name: &str) -> Arc<SuperTable> {
    database.tables.read().super_tables[name].clone()
}

fn child(parent: &Arc<SuperTable>, name: &str, tag: &str) -> ChildDefinition {
    ChildDefinition { name: name.into(), parent: parent.clone(), tags: vec![Value::text(tag)] }
}

/// Everything that a catalog holds, as text.
fn dump(catalog: &Catalog) -> String {
    let mut lines = Vec::new();
    for database in catalog.databases() {
        lines.push(format!("{} {} {:?}", database.id, database.name, database.options.read()));
        for table in database.tables.read().tables.values() {
            let parent = table.parent().map(|parent| parent.name.clone());
            let schema = table.schema().unwrap();
            lines.push(format!(
                "{:?} {} {parent:?} {:?} {schema:?}",
                table.id,
                table.name,
                table.tag_values()
            ));
        }
        for table in database.tables.read().super_tables.values() {
            let children: Vec<_> =
                table.children.read().iter().map(|child| child.table.name.clone()).collect();
            lines.push(format!("{} {} {:?} {children:?}", table.id, table.name, table.schema.read()));
        }
    }
    lines.sort();
    lines.join("\n")
}

/// Two databases with some of everything, some of it dropped or altered again.
fn fill(catalog: &Catalog) {
    let mut definitions = catalog.define();
    let options = DatabaseOptions { keep: 77, wal_level: 2, ..Default::default() };
    definitions.create_database("one", options, 1).unwrap();
    definitions.create_database("two", DatabaseOptions::default(), 2).unwrap();
    definitions.create_database("gone", DatabaseOptions::default(), 3).unwrap();
    let one = catalog.database("one").unwrap();
    definitions.create_super_table(&one, "s", schema(), 4).unwrap();
    definitions.create_super_table(&one, "s gone", schema(), 4).unwrap();
    let plain = Schema { tags: Vec::new(), ..schema() };
    definitions.create_table(&one, "t", plain.clone(), 5).unwrap();
    let (s, other) = (parent(&one, "s"), parent(&one, "s gone"));
    let children =
        vec![child(&s, "a", "x"), child(&other, "a gone", "y"), child(&s, "b", "字"), child(&s, "c", "z")];
    definitions.create_children(&one, children, 6).unwrap();
    definitions.drop_table(&one, "b").unwrap();
    definitions.drop_super_table(&one, "s gone").unwrap();
    definitions.set_tag(&one, "c", ColumnId(2), Value::Null).unwrap();
    let mut wider = schema();
    wider.tags.insert(0, SchemaColumn { id: ColumnId(5), name: "new".into(), ..wider.tags[0].clone() });
    wider.next_id = 6;
    definitions.set_schema(&one, "s", wider).unwrap();
    definitions.set_tag(&one, "c", ColumnId(5), Value::text("set")).unwrap();
    let mut narrower = plain;
    narrower.columns.truncate(1);
    definitions.set_schema(&one, "t", narrower).unwrap();
    let two = catalog.database("two").unwrap();
    definitions.alter_database(&two, DatabaseOptions { blocks: 9, ..Default::default() }).unwrap();
    definitions.drop_database(&catalog.database("gone").unwrap()).unwrap();
}

#[test]
fn definitions_are_there_after_a_restart() {
    let files = files::memory();
    let catalog = open(&files);
    fill(&catalog);
    let before = dump(&catalog);
    assert!(before.contains("[Bytes") && before.contains("two") && !before.contains("gone"), "{before}");
    drop(catalog);
    let again = open(&files);
    assert_eq!(dump(&again), before);
    let c = again.database("one").unwrap().tables.read().tables.get("c").cloned().unwrap();
    assert_eq!(c.tag_values(), [Value::text("set"), Value::Null]);
}

#[test]
fn a_log_of_bygones_is_written_anew() {
    let files = files::memory();
    let catalog = open(&files);
    fill(&catalog);
    let one = catalog.database("one").unwrap();
    let long = "x".repeat(10_000);
    for round in 0..400 {
        let value = Value::text(format!("{long}{round}"));
        catalog.define().set_tag(&one, "c", ColumnId(2), value).unwrap();
    }
    catalog.define().create_table(&one, "last", Schema { tags: Vec::new(), ..schema() }, 7).unwrap();
    let before = dump(&catalog);
    let size = catalog.journal.lock().log.size();
    assert!(size < 2_000_000, "{size} bytes after 4 MB of changes");
    let spent = catalog.journal.lock().next_table;
    drop((one, catalog));
    let again = open(&files);
    assert_eq!(dump(&again), before);
    let journal = again.journal.lock();
    assert_eq!((journal.next_database, journal.next_table), (4, spent), "ids are never given twice");
}

#[test]
fn children_of_a_super_table_that_changed_meanwhile_are_refused() {
    let catalog = open(&files::memory());
    fill(&catalog);
    let one = catalog.database("one").unwrap();
    let s = parent(&one, "s");
    let mut definitions = catalog.define();
    let error = definitions.create_children(&one, vec![child(&s, "late", "one tag of two")], 8).unwrap_err();
    assert_eq!(error.code, crate::error::codes::TDB_TAG_VER_OUT_OF_DATE);
    definitions.drop_super_table(&one, "s").unwrap();
    let error = definitions.create_children(&one, vec![child(&s, "late", "x")], 8).unwrap_err();
    assert_eq!(error.code, crate::error::codes::MND_INVALID_TABLE_NAME);
    drop(definitions);
    assert!(!dump(&catalog).contains("late"));
}

#[test]
fn a_log_that_was_cut_opens_as_it_was_then_and_a_damaged_one_never_panics() {
    let path = Path::new("/db/catalog/log");
    let files = files::memory();
    fill(&open(&files));
    let log = files::read(&*files, path).unwrap().unwrap();
    let reopen = |log: &[u8]| {
        let files = files::memory();
        files.create_dir(path.parent().unwrap()).unwrap();
        files.create(path).unwrap().write_at(0, log).unwrap();
        Catalog::open(files, Path::new("/db"))
    };
    let mut states: Vec<String> = (0..=log.len()).map(|end| dump(&reopen(&log[..end]).unwrap())).collect();
    states.dedup();
    assert_eq!(states.len(), 16, "nothing, and what each definition made of it");
    assert_eq!(states.last(), Some(&dump(&open(&files))));
    for place in 0..log.len() {
        let mut damaged = log.clone();
        damaged[place] ^= 0x10;
        // Damage in the last record looks like a definition that was never finished.
        let seen = reopen(&damaged).map(|catalog| dump(&catalog));
        assert!(seen.is_err() || seen.as_ref().ok() == states.iter().nth_back(1), "byte {place}");
    }
}
