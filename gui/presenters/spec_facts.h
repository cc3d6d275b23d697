// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCoreApplication>
#include <QList>
#include <QPair>
#include <QString>
#include <QStringList>

#include "gui/services/releases.h"

namespace ifrit::gui::presenters {

/// What a release was asked to do: versions, stages, rules, gates. Labels and values; pure.
class SpecFacts {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::SpecFacts)
public:
    static QList<QPair<QString, QString>> of(const services::ReleaseInfo& info);
    /// The gray machines as somebody named them, for who is to see that it is these: their uuids,
    /// of many the first. Empty: there are none.
    static QString grayNames(const domain::GraySelection& gray);

private:
    static QString versions(const services::ReleaseInfo& info);
    static QStringList grayByRule(const domain::GraySelection& gray);
    static QString gray(const domain::GraySelection& gray);
    static QString pilot(const domain::PilotShare& pilot);
    static QString batches(const services::ReleaseInfo& info);
    static QString badGate(const services::ReleaseInfo& info);
    static QString downloadRate(std::uint64_t bytesPerSecond);
    static QString costGate(const domain::CostLimits& limits);
};

}  // namespace ifrit::gui::presenters
