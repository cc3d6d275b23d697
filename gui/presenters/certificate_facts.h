// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QString>

#include <optional>
#include <vector>

#include "gui/models/status_words.h"
#include "gui/models/text_format.h"
#include "shared/crypto/certificates.h"

namespace ifrit::gui::presenters {

/// What is said of a certificate's end. One that nobody has seen is unknown, never healthy.
class CertificateFacts {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::CertificateFacts)
public:
    using Certificate = std::optional<crypto::CertificateInfo>;
    /// With so little time left somebody has to see to it.
    static constexpr std::chrono::hours kSoon{30 * 24};

    static models::StatusLook lookOf(const Certificate& certificate, base::WallTime now);
    /// The one that needs somebody most: ended, ending, unknown, valid.
    static models::StatusLook worstOf(const std::vector<Certificate>& certificates,
                                      base::WallTime now);
    /// Date and, where it matters, the word beside it.
    static QString endOf(const Certificate& certificate, const models::TimeText& times);
};

}  // namespace ifrit::gui::presenters
