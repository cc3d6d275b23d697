// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <cstdint>
#include <string>

#include <absl/status/statusor.h>

namespace ifrit::gui::models {

/// A link that opens the desktop at a place. Anybody may make one, so it can show and never change:
///
///     ifrit://open/CLUSTER
///     ifrit://open/CLUSTER/machine/UUID
///     ifrit://open/CLUSTER/release/NUMBER
///     ifrit://add?cluster=NAME&kind=KIND&address=HOST:PORT&ca=BASE64URL
///
/// `add` names a master and the certificate (DER) of its CA; a person is asked before it is
/// trusted. No link carries a secret.
struct IfritLink {
    enum class Kind { Cluster, Machine, Release, Add };
    Kind kind = Kind::Cluster;
    QString cluster;
    QString uuid;
    std::uint64_t number = 0;
    QString clusterKind;
    QString address;
    std::string caPem;
    bool operator==(const IfritLink&) const = default;
};

/// At most so many bytes: a CA of ours has some 600.
inline constexpr qsizetype kMaxLinkBytes = 8 * 1024;

class IfritLinks {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::models::IfritLinks)
public:
    /// Strict: another scheme, an unknown form, part or query, a name that could not be one of ours
    /// is INVALID_ARGUMENT (LINK_INVALID) with a sentence in the reader's language.
    static absl::StatusOr<IfritLink> parse(const QString& text);
    /// parse() reads it back equal.
    static QString textOf(const IfritLink& link);
};

}  // namespace ifrit::gui::models
