// SPDX-License-Identifier: Apache-2.0
#include "agent/journal/toml_values.h"

namespace ifrit::agent::journal {
namespace {

// Outside of these a date-time has no four-digit year and could not be read back.
constexpr std::int64_t kFirstMillis = 0;
constexpr std::int64_t kLastMillis = 253'402'300'799'999;  // 9999-12-31T23:59:59.999Z

// Length of the valid UTF-8 sequence at the start of `text`, 0 if there is none.
std::size_t sequenceLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xc0) != 0x80) return 0;
    }
    // Overlong forms, surrogates and numbers past U+10FFFF.
    const unsigned char second = byte(1);
    const bool bad = (lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f) ||
                     (lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f);
    return bad ? 0 : length;
}

toml::date_time toDateTime(base::WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day date(day);
    const std::chrono::hh_mm_ss clock(time - day);
    const auto nanos = std::chrono::nanoseconds(clock.subseconds()).count();
    return {
        toml::date(static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                   static_cast<unsigned>(date.day())),
        toml::time(static_cast<unsigned>(clock.hours().count()),
                   static_cast<unsigned>(clock.minutes().count()),
                   static_cast<unsigned>(clock.seconds().count()), static_cast<unsigned>(nanos)),
        toml::time_offset()};
}

base::WallTime fromDateTime(const toml::date_time& time) {
    const std::chrono::year_month_day date(std::chrono::year(time.date.year),
                                           std::chrono::month(time.date.month),
                                           std::chrono::day(time.date.day));
    return base::WallTime(std::chrono::sys_days(date)) + std::chrono::hours(time.time.hour) +
           std::chrono::minutes(time.time.minute) + std::chrono::seconds(time.time.second) +
           std::chrono::milliseconds(time.time.nanosecond / 1'000'000);
}

}  // namespace

std::string validUtf8(std::string_view text) {
    std::string valid;
    valid.reserve(text.size());
    while (!text.empty()) {
        const std::size_t length = sequenceLength(text);
        if (length == 0) {
            valid += "\xef\xbf\xbd";
            text.remove_prefix(1);
        } else {
            valid.append(text.substr(0, length));
            text.remove_prefix(length);
        }
    }
    return valid;
}

void TomlWriter::text(std::string_view key, std::string_view value) {
    if (!value.empty()) m_table.insert_or_assign(key, validUtf8(value));
}

void TomlWriter::number(std::string_view key, std::uint64_t value) {
    // TOML's integers have a sign; the cast and its reverse keep all 64 bits.
    if (value != 0) m_table.insert_or_assign(key, static_cast<std::int64_t>(value));
}

void TomlWriter::flag(std::string_view key, bool value) {
    if (value) m_table.insert_or_assign(key, true);
}

void TomlWriter::time(std::string_view key, base::WallTime value) {
    const std::int64_t millis = base::toUnixMillis(value);
    if (millis < kFirstMillis || millis > kLastMillis) {
        m_table.insert_or_assign(key, millis);
    } else {
        m_table.insert_or_assign(key, toDateTime(value));
    }
}

void TomlWriter::time(std::string_view key, const std::optional<base::WallTime>& value) {
    if (value) time(key, *value);
}

void TomlWriter::table(std::string_view key, toml::table value) {
    m_table.insert_or_assign(key, std::move(value));
}

void TomlWriter::array(std::string_view key, toml::array value) {
    if (!value.empty()) m_table.insert_or_assign(key, std::move(value));
}

const toml::node* TomlReader::find(std::string_view key) const {
    m_asked.emplace(key);
    return m_status.ok() ? m_table.get(key) : nullptr;
}

toml::table TomlReader::unasked() const {
    toml::table rest = m_table;
    for (const std::string& key : m_asked)
        rest.erase(key);
    return rest;
}

void TomlReader::fail(std::string_view key, std::string_view expected) {
    if (!m_status.ok()) return;
    m_status = base::makeError(absl::StatusCode::kDataLoss, "JOURNAL_DAMAGED", key,
                               fmt::format("key {}.{} is not {}", m_where, key, expected));
}

void TomlReader::text(std::string_view key, std::string& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto* found = node->as_string()) {
        value = found->get();
    } else {
        fail(key, "a text");
    }
}

void TomlReader::readNumber(std::string_view key, std::uint64_t& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto* found = node->as_integer()) {
        value = static_cast<std::uint64_t>(found->get());
    } else {
        fail(key, "an integer");
    }
}

void TomlReader::flag(std::string_view key, bool& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto* found = node->as_boolean()) {
        value = found->get();
    } else {
        fail(key, "true or false");
    }
}

void TomlReader::time(std::string_view key, base::WallTime& value) {
    std::optional<base::WallTime> read;
    time(key, read);
    if (read) value = *read;
}

void TomlReader::time(std::string_view key, std::optional<base::WallTime>& value) {
    const toml::node* node = find(key);
    if (node == nullptr) return;
    if (const auto* found = node->as_date_time()) {
        value = fromDateTime(found->get());
    } else if (const auto* millis = node->as_integer()) {
        value = base::fromUnixMillis(millis->get());
    } else {
        fail(key, "a date and time");
    }
}

const toml::table* TomlReader::table(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (node->as_table() == nullptr) fail(key, "a table");
    return node->as_table();
}

const toml::array* TomlReader::array(std::string_view key) {
    const toml::node* node = find(key);
    if (node == nullptr) return nullptr;
    if (node->as_array() == nullptr) fail(key, "an array");
    return node->as_array();
}

}  // namespace ifrit::agent::journal
