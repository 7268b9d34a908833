//! Our own files without what only readers of the source need. Not for anybody else's: it trusts how they are written.

/// A style sheet without comments, line ends and the spaces around its brackets, commas and semicolons. Strings stay as
/// they are.
#[must_use]
pub fn css(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, after)| after);
        } else if character == '"' {
            let end = rest[1..].find('"').map_or(rest.len(), |end| end + 2);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        } else if character.is_whitespace() {
            rest = rest.trim_start();
            let is_needed = !out.is_empty() && !out.ends_with(GLUE) && !rest.starts_with(GLUE);
            // What stands before a comment and after it is one space.
            if is_needed && !out.ends_with(' ') {
                out.push(' ');
            }
        } else {
            if GLUE.contains(&character) && out.ends_with(' ') {
                out.pop();
            }
            // The last semicolon of a block.
            if character == '}' && out.ends_with(';') {
                out.pop();
            }
            out.push(character);
            rest = &rest[character.len_utf8()..];
        }
    }
    out
}

/// What needs no space beside it, wherever it stands.
const GLUE: [char; 4] = ['{', '}', ';', ','];

/// A script without indentation, empty lines and lines that are comments. Every other line stays as it is: a script is
/// not taken apart without a parser. No string and no template of ours runs over a line end.
#[must_use]
pub fn script(text: &str) -> String {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("//"));
    let mut out = lines.collect::<Vec<_>>().join("\n");
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_style_sheet_means_the_same() {
        let text = "/* a; { \" */\n@layer a, b;\n@media (min-width: 36rem) and (hover) {\n  .a > b , c:not( .d )  /* x */ e {\n    \
                    margin: -1px calc(1px + 2px) ;\n    content: \"a  /* ; */ }\";\n  }\n}\n";
        assert_eq!(
            css(text),
            "@layer a,b;@media (min-width: 36rem) and (hover){.a > b,c:not( .d ) e{margin: -1px calc(1px + 2px);content: \
             \"a  /* ; */ }\"}}"
        );
        assert_eq!(css(&css(text)), css(text));
        for broken in ["/*", "\"", "\"a", "a/*", "é", ""] {
            let _ = css(broken);
        }
    }

    #[test]
    fn a_script_keeps_its_lines() {
        assert_eq!(
            script("// a\n(() => {\n\n  const url = 'https://x'; // b\n})();\n"),
            "(() => {\nconst url = 'https://x'; // b\n})();\n"
        );
        let ours = include_str!("../../static/app.js");
        for line in ours.lines() {
            assert!(
                line.matches('`').count() % 2 == 0 && !line.ends_with('\\'),
                "a string over a line end: {line}"
            );
        }
        assert!(!ours.contains("/*") || ours.lines().all(|line| !line.trim_start().starts_with('*')));
    }
}
