// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "gui/ctl/json.h"

namespace ifrit::gui::ctl {

enum class Format { Table, Wide, Json, JsonLines, Csv, Name };
inline constexpr std::string_view kFormatNames = "table|wide|json|jsonl|csv|name";

enum class Shown { Always, WhenWide };

template <typename T>
struct Column {
    std::string title;
    Shown shown;
    std::function<std::string(const T&)> text;
    /// What a program reads in CSV: bytes, milliseconds, percent as plain numbers, a digest in
    /// full; empty: the text.
    std::function<std::string(const T&)> plain;
};

/// How one kind of thing is written in every format.
template <typename T>
struct View {
    std::vector<Column<T>> columns;
    std::function<std::string(const T&)> name;
    std::function<Json(const T&)> json;
};

/// Writes data to stdout, in the format asked for.
class Printer {
public:
    Printer(std::ostream& out, Format format) : m_out(out), m_format(format) {}

    Format format() const { return m_format; }
    bool isForPeople() const { return m_format == Format::Table || m_format == Format::Wide; }

    template <typename T>
    void list(const View<T>& view, const std::vector<T>& items) {
        if (m_format == Format::Json || m_format == Format::JsonLines) {
            std::vector<Json> values;
            for (const T& item : items)
                values.push_back(view.json(item));
            writeJson(values);
            return;
        }
        if (m_format == Format::Name) {
            for (const T& item : items)
                m_out << view.name(item) << '\n';
            return;
        }
        std::vector<std::string> titles;
        std::vector<std::vector<std::string>> rows(items.size());
        for (const Column<T>& column : view.columns) {
            if (m_format == Format::Table && column.shown == Shown::WhenWide) continue;
            titles.push_back(column.title);
            for (std::size_t i = 0; i < items.size(); ++i) {
                const bool isPlain = m_format == Format::Csv && column.plain;
                rows[i].push_back(isPlain ? column.plain(items[i]) : column.text(items[i]));
            }
        }
        writeRows(titles, rows);
    }

    /// One thing: a line per column for people, an object in JSON.
    template <typename T>
    void one(const View<T>& view, const T& item) {
        if (!isForPeople()) {
            if (m_format == Format::Json) {
                m_out << view.json(item).dump(true) << '\n';
            } else {
                list(view, std::vector<T>{item});
            }
            return;
        }
        std::vector<std::pair<std::string, std::string>> lines;
        for (const Column<T>& column : view.columns) {
            lines.emplace_back(column.title, column.text(item));
        }
        writeFacts(lines);
    }

    /// A line of text, for people only.
    void line(std::string_view text);

private:
    void writeJson(const std::vector<Json>& values);
    void writeRows(const std::vector<std::string>& titles,
                   const std::vector<std::vector<std::string>>& rows);
    void writeTable(const std::vector<std::string>& titles,
                    const std::vector<std::vector<std::string>>& rows);
    void writeCsv(const std::vector<std::string>& cells, bool asKeys);
    void writeFacts(const std::vector<std::pair<std::string, std::string>>& lines);

    std::ostream& m_out;
    Format m_format;
};

}  // namespace ifrit::gui::ctl
