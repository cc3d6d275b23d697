// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

#include "gui/models/record_table_model.h"
#include "gui/models/text_format.h"

namespace ifrit::gui::models {

/// Cells are worded anew when the zone of the times changes.
template <typename Model>
void repaintWithZone(const TimeText& times, Model* model) {
    QObject::connect(&times, &TimeText::changed, model, [model] { model->touchAll(); });
}

/// A time of each month, said with its year and as many digits as there can be. The next year's:
/// of this one none is said.
inline QStringList widestTimes(const TimeText& times) {
    using namespace std::chrono;
    const int nextYear = int(year_month_day(floor<days>(times.now())).year()) + 1;
    QStringList out;
    for (unsigned one = 1; one <= 12; ++one) {
        const base::WallTime then =
            sys_days(year(nextYear) / month(one) / day(20)) + hours(8) + minutes(48);
        out << times.at(then);
    }
    return out;
}

/// The kinds of columns that tables over records of type T have: each is shown as people read it,
/// sorted by what it means, and written to a file as a program reads it.
template <typename T>
struct Columns {
    using Column = typename RecordTableModel<T>::Column;
    using Text = std::function<QString(const T&)>;

    static Column text(ColumnTitle title, Text shown, CellStyle style = CellStyle::Plain) {
        return {std::move(title), std::move(shown), style, {}, {}, {}};
    }

    /// `name`: the state in no language and no release.
    static Column state(ColumnTitle title, std::function<StatusLook(const T&)> look, Text name) {
        return {std::move(title), {}, CellStyle::Plain, std::move(look), {}, valueOf(name)};
    }

    /// How many: in groups of three.
    static Column count(ColumnTitle title, std::function<qint64(const T&)> of) {
        return number<qint64>(std::move(title), of, [](qint64 count) { return grouped(count); });
    }

    /// A number that names its row.
    static Column ordinal(ColumnTitle title, std::function<std::uint64_t(const T&)> of) {
        return number<std::uint64_t>(std::move(title), of,
                                     [](std::uint64_t no) { return QString::number(no); });
    }

    static Column size(ColumnTitle title, std::function<std::uint64_t(const T&)> ofBytes) {
        return number<std::uint64_t>(std::move(title), ofBytes,
                                     [](std::uint64_t count) { return bytes(count); });
    }

    /// Shown by its first digits, and by all of those: what was shortened once is not cut again.
    /// `of` is in hex.
    static Column digest(ColumnTitle title, std::function<std::string(const T&)> of,
                         CellStyle style = CellStyle::Monospace) {
        return {std::move(title),
                [of](const T& record) { return shortDigest(of(record)); },
                style,
                {},
                {},
                [of](const T& record) { return QVariant(toText(of(record))); },
                [] { return QStringList(shortDigest(std::string(64, '0'))); }};
    }

    /// None before all others. `none`: what is shown for it.
    static Column time(ColumnTitle title, const TimeText& times,
                       std::function<std::optional<base::WallTime>(const T&)> of,
                       CellStyle style = CellStyle::Muted, std::function<QString()> none = {}) {
        return {std::move(title),
                [&times, of, none](const T& record) {
                    const auto at = of(record);
                    return at || !none ? times.at(at) : none();
                },
                style,
                {},
                [of](const T& a, const T& b) { return of(a) < of(b); },
                [of](const T& record) { return timeValue(of(record)); },
                [&times] { return widestTimes(times); }};
    }

private:
    template <typename Number>
    static Column number(ColumnTitle title, std::function<Number(const T&)> of,
                         QString (*shown)(Number)) {
        return {std::move(title),
                [of, shown](const T& record) { return shown(of(record)); },
                CellStyle::Number,
                {},
                [of](const T& a, const T& b) { return of(a) < of(b); },
                [of](const T& record) {
                    // The types that JSON knows.
                    using Wide =
                        std::conditional_t<std::is_signed_v<Number>, qlonglong, qulonglong>;
                    return QVariant(static_cast<Wide>(of(record)));
                }};
    }

    static std::function<QVariant(const T&)> valueOf(Text text) {
        return [text = std::move(text)](const T& record) { return QVariant(text(record)); };
    }
};

}  // namespace ifrit::gui::models
