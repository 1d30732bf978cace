//! Lines of tables as text, for Excel and its like.

/// One line of cells; those that need it are quoted.
pub fn table_line(cells: &[String], separator: char) -> String {
    let quoted = |cell: &String| {
        if cell.contains([separator, '"', '\n', '\r']) {
            format!("\"{}\"", cell.replace('"', "\"\""))
        } else {
            cell.clone()
        }
    };
    let cells: Vec<String> = cells.iter().map(quoted).collect();
    format!("{}\r\n", cells.join(&separator.to_string()))
}

/// What somebody called himself or his letter must not become a formula in somebody's Excel.
pub fn harmless_cell(text: String) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_a_table_keeps_its_cells_apart() {
        let cells = ["Сбой; срочно".to_owned(), "он сказал \"да\"".to_owned(), harmless_cell("=1+1".to_owned())];
        assert_eq!(table_line(&cells, ';'), "\"Сбой; срочно\";\"он сказал \"\"да\"\"\";'=1+1\r\n");
    }
}
