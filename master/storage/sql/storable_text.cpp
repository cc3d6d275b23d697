// SPDX-License-Identifier: Apache-2.0
#include "master/storage/sql/storable_text.h"

#include <QUtf8StringView>

#include "shared/base/status.h"

namespace ifrit::master::storage::sql {
namespace {

absl::Status invalid(std::string_view text, std::string_view why) {
    return base::invalidArgument(
        "TEXT_INVALID", "", "a text of {} bytes {}; it cannot be stored exactly", text.size(), why);
}

}  // namespace

absl::Status checkStorable(std::string_view text) {
    if (!QUtf8StringView(text.data(), static_cast<qsizetype>(text.size())).isValidUtf8())
        return invalid(text, "is not UTF-8");
    if (text.find('\0') != std::string_view::npos) return invalid(text, "holds a NUL");
    if (text.substr(0, 3) == "\xEF\xBB\xBF") return invalid(text, "begins with a byte order mark");
    for (const std::string_view changed : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
        if (text.find(changed) != std::string_view::npos)
            return invalid(text, "holds U+FFFE or U+FFFF");
    }
    return absl::OkStatus();
}

QString toQt(std::string_view text) {
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

}  // namespace ifrit::master::storage::sql
