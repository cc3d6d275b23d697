// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/status.h>

#include <QCoreApplication>

#include <optional>

#include "gui/models/status_words.h"
#include "gui/models/text_format.h"
#include "gui/services/connection.h"
#include "shared/base/backoff.h"

namespace ifrit::gui::presenters {

/// Why a line was given up that its session does not try again, and whether and when somebody else
/// does: what a master refuses it may grant later, or another master of a rolling upgrade may. A
/// login or a certificate that does not hold is renewed by a person alone.
class EndedLine {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::EndedLine)
public:
    /// What it was opened by; Nothing: the bundle file could not be read.
    enum class By { Nothing, Certificate, Password };

    explicit EndedLine(base::UniformRandom random);

    void end(By by, const absl::Status& why, base::WallTime now);
    /// What its session says of it.
    void follow(const services::LinkStatus& link, By by, base::WallTime now);
    /// It is tried again; why it had ended stays until the outcome is known.
    void begin() { m_next.reset(); }
    /// It stands, or is another one: the next end is a first one.
    void stand();

    bool hasEnded() const { return !m_why.ok(); }
    bool isDue(base::WallTime now) const { return m_next && now >= *m_next; }
    /// The login is not there or does not hold; another one may be kept by now.
    bool wantsLogin() const { return m_by == By::Password && isStranger(); }
    /// In a word: "account disabled".
    models::StatusLook look() const { return lookOf(m_by, m_why); }
    static models::StatusLook lookOf(By by, const absl::Status& why);
    /// "account disabled, tried again at 11:21:07 +08:00": with what becomes of it.
    QString sentence(const models::TimeText& times) const;

private:
    /// The master does not know who asks, which asking again does not change.
    bool isStranger() const;
    /// It has not ended, whatever else it is.
    void clear();

    By m_by = By::Nothing;
    absl::Status m_why;
    std::optional<base::WallTime> m_next;  ///< none: it is tried now, or by a person
    base::Backoff m_backoff;
};

}  // namespace ifrit::gui::presenters
