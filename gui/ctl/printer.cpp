// SPDX-License-Identifier: Apache-2.0
#include "gui/ctl/printer.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

#include "gui/ctl/text.h"
#include "shared/base/utf8.h"

namespace ifrit::gui::ctl {
namespace {

std::string padded(const std::string& text, std::size_t width) {
    const std::size_t has = displayWidth(text);
    return has >= width ? text : text + std::string(width - has, ' ');
}

bool isNumber(const std::string& text) {
    char* end = nullptr;
    std::strtod(text.c_str(), &end);
    return end == text.c_str() + text.size();
}

/// What a spreadsheet would calculate. A number may be below 0.
bool isFormula(const std::string& text) {
    if (text.empty()) return false;
    if (text.front() == '-') return !isNumber(text);
    return std::string_view("=+@\t\r").find(text.front()) != std::string::npos;
}

// A cell that a spreadsheet would take for a formula stays text (OWASP, "CSV Injection").
std::string csvCell(std::string_view raw) {
    std::string text = base::validUtf8(raw);
    // What a person sees as a dash is nothing.
    if (text == "-") return {};
    if (isFormula(text)) text.insert(text.begin(), '\'');
    if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
    std::string out = "\"";
    for (const char c : text)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + '"';
}

/// "receipt_before_it" of "RECEIPT BEFORE IT", "no" of "NO.": as the desktop's exports call it.
std::string keyOf(std::string title) {
    title.erase(std::remove(title.begin(), title.end(), '.'), title.end());
    std::transform(title.begin(), title.end(), title.begin(), [](unsigned char c) {
        return c == ' ' ? '_' : static_cast<char>(std::tolower(c));
    });
    return title;
}

std::string sentenceCase(std::string title) {
    std::transform(title.begin() + 1, title.end(), title.begin() + 1,
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return title;
}

}  // namespace

void Printer::line(std::string_view text) {
    if (isForPeople()) m_out << text << '\n';
}

void Printer::writeJson(const std::vector<Json>& values) {
    if (m_format == Format::JsonLines) {
        for (const Json& value : values)
            m_out << value.dump() << '\n';
        return;
    }
    Json all = Json::array();
    for (const Json& value : values)
        all.push(value);
    m_out << all.dump(true) << '\n';
}

void Printer::writeRows(const std::vector<std::string>& titles,
                        const std::vector<std::vector<std::string>>& rows) {
    if (m_format != Format::Csv) {
        writeTable(titles, rows);
        return;
    }
    writeCsv(titles, true);
    for (const std::vector<std::string>& row : rows)
        writeCsv(row, false);
}

void Printer::writeTable(const std::vector<std::string>& titles,
                         const std::vector<std::vector<std::string>>& rows) {
    std::vector<std::vector<std::string>> cells = {titles};
    for (const std::vector<std::string>& row : rows) {
        cells.emplace_back();
        for (const std::string& text : row)
            cells.back().push_back(orDash(printable(text)));
    }
    std::vector<std::size_t> widths(titles.size(), 0);
    for (const std::vector<std::string>& row : cells) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], displayWidth(row[i]));
        }
    }
    for (const std::vector<std::string>& row : cells) {
        std::string text;
        for (std::size_t i = 0; i < row.size(); ++i) {
            // No blanks at the end of a line.
            text += i + 1 == row.size() ? row[i] : padded(row[i], widths[i] + 2);
        }
        m_out << text << '\n';
    }
}

void Printer::writeCsv(const std::vector<std::string>& cells, bool asKeys) {
    for (std::size_t i = 0; i < cells.size(); ++i) {
        m_out << (i == 0 ? "" : ",") << csvCell(asKeys ? keyOf(cells[i]) : cells[i]);
    }
    m_out << "\r\n";
}

void Printer::writeFacts(const std::vector<std::pair<std::string, std::string>>& lines) {
    std::size_t width = 0;
    for (const auto& [title, text] : lines)
        width = std::max(width, title.size() + 1);
    for (const auto& [title, text] : lines) {
        m_out << padded(sentenceCase(title) + ":", width + 2) << orDash(printable(text)) << '\n';
    }
}

}  // namespace ifrit::gui::ctl
