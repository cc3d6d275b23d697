// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/release_form.h"

#include <QRegularExpression>

#include <algorithm>
#include <map>
#include <optional>
#include <vector>

#include "gui/models/text_format.h"
#include "shared/base/status.h"
#include "shared/domain/download_rate.h"
#include "shared/domain/enum_names.h"
#include "shared/domain/gate_text.h"
#include "shared/domain/hash_ring.h"

namespace ifrit::gui::presenters {
namespace {

using Kind = ReleaseForm::Kind;

QStringList words(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
    return text.split(separators, Qt::SkipEmptyParts);
}

/// Gates have commas of their own.
QStringList gateTexts(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[\\s;]+"));
    return text.split(separators, Qt::SkipEmptyParts);
}

QStringList windowTexts(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[;\\n]+"));
    QStringList out;
    for (const QString& part : text.split(separators, Qt::SkipEmptyParts)) {
        if (!part.trimmed().isEmpty()) out << part.simplified();
    }
    return out;
}

std::map<std::string, std::string> labelsOf(const QString& text) {
    std::map<std::string, std::string> out;
    for (const QString& word : words(text)) {
        const qsizetype equals = word.indexOf(QLatin1Char('='));
        out[word.left(equals).toStdString()] =
            equals < 0 ? std::string() : word.mid(equals + 1).toStdString();
    }
    return out;
}

domain::DesiredAction actionOf(Kind kind) {
    switch (kind) {
        case Kind::Uninstall:
            return domain::DesiredAction::Uninstall;
        case Kind::UninstallPurge:
            return domain::DesiredAction::UninstallPurge;
        default:
            return domain::DesiredAction::Install;
    }
}

domain::BatchPlan batchesOf(const ReleaseForm& form) {
    domain::BatchPlan out;
    if (!form.batches) return out;
    out.enabled = true;
    out.interval = std::chrono::minutes(form.intervalMinutes);
    out.advance = form.promote ? domain::BatchAdvance::Promote : domain::BatchAdvance::Auto;
    for (const QString& word : words(form.order)) {
        bool ok = false;
        const std::uint32_t batch = word.toUInt(&ok);
        if (ok) out.order.push_back(batch);
    }
    return out;
}

domain::GatePolicy gatesOf(const ReleaseForm& form) {
    domain::GatePolicy out;
    // The default needs no rule, and a release without one follows the default.
    if (!(form.badGate == domain::GateLimits{}))
        out.rules.push_back({domain::GateKind::Bad, std::nullopt, form.badGate});
    for (const QString& text : gateTexts(form.gates)) {
        if (const auto rule = domain::parseGateRule(text.toStdString()); rule.ok())
            out.rules.push_back(*rule);
    }
    for (const QString& text : gateTexts(form.costLimits)) {
        if (const auto rule = domain::parseCostRule(text.toStdString()); rule.ok())
            domain::addCostRule(*rule, out);
    }
    if (!form.costGate) out.cost.enabled = false;
    return out;
}

domain::ChangeWindows windowsOf(const ReleaseForm& form) {
    domain::ChangeWindows out;
    for (const QString& text : windowTexts(form.windows)) {
        if (const auto window = domain::parseWeeklyWindow(text.toStdString()); window.ok())
            out.weekly.push_back(*window);
    }
    for (const QString& text : words(form.blackouts)) {
        if (const auto range = domain::parseDateRange(text.toStdString()); range.ok())
            out.blackouts.push_back(*range);
    }
    if (!out.empty()) out.timeZone = form.timeZone.trimmed().toStdString();
    return out;
}

}  // namespace

domain::ReleaseSpec ReleaseFormRules::specOf(const ReleaseForm& form) {
    domain::ReleaseSpec out;
    out.agent = form.agent.toStdString();
    out.action = actionOf(form.kind);
    if (form.kind == Kind::Install) out.version = form.version.toStdString();
    for (const QString& type : form.types)
        out.machineTypes.push_back(type.toStdString());
    if (form.gray) {
        for (const QString& uuid : words(form.uuids))
            out.gray.uuids.push_back(uuid.toStdString());
        out.gray.pin = form.pin.trimmed().toStdString();
        out.gray.labels = labelsOf(form.labels);
    }
    out.pilot.percent = static_cast<std::uint32_t>(form.pilotPercent);
    out.pilot.count = static_cast<std::uint32_t>(form.pilotCount);
    if (form.gray || form.hasPilot()) {
        out.soak = std::chrono::minutes(form.soakMinutes);
        out.autoVerify = form.autoVerify;
    }
    out.batches = batchesOf(form);
    out.gates = gatesOf(form);
    out.maxInFlight = static_cast<std::uint32_t>(form.maxInFlight);
    out.machineDeadline = std::chrono::minutes(form.deadlineMinutes);
    out.approvalRequired = form.approval;
    out.lateJoinersPerMinute = static_cast<std::uint32_t>(form.lateJoiners);
    out.windows = windowsOf(form);
    if (const QString rate = form.downloadRate.trimmed(); !rate.isEmpty())
        out.downloadRate = domain::parseDownloadRate(rate.toStdString()).value_or(0);
    return out;
}

QString ReleaseFormRules::problem(const ReleaseForm& form, std::uint32_t ringBatches) {
    for (const QString& found : {rateProblem(form), orderProblem(form, ringBatches),
                                 gateProblem(form), costProblem(form)}) {
        if (!found.isEmpty()) return found;
    }
    return timeProblem(form);
}

QString ReleaseFormRules::orderProblem(const ReleaseForm& form, std::uint32_t ringBatches) {
    if (!form.batches) return {};
    const QStringList typed = words(form.order);
    std::vector<std::uint32_t> order;
    for (const QString& word : typed) {
        bool ok = false;
        const std::uint32_t batch = word.toUInt(&ok);
        if (!ok || batch == 0 || batch > domain::kMaxBatches)
            return tr("\"%1\" is no batch: write the order as 3 1 2.").arg(word);
        if (std::find(order.begin(), order.end(), batch) != order.end())
            return tr("The order names batch %1 twice.").arg(batch);
        if (ringBatches != 0 && batch > ringBatches)
            return tr("There is no batch %1: this cluster has %2.").arg(batch).arg(ringBatches);
        order.push_back(batch);
    }
    if (ringBatches == 0 || order.empty()) return {};
    for (std::uint32_t batch = 1; batch <= ringBatches; ++batch) {
        if (std::find(order.begin(), order.end(), batch) == order.end())
            return tr("The order has to name each of the %1 batches once; batch %2 is missing.")
                .arg(ringBatches)
                .arg(batch);
    }
    return {};
}

QString ReleaseFormRules::gateProblem(const ReleaseForm& form) {
    for (const QString& text : gateTexts(form.gates)) {
        if (!domain::parseGateRule(text.toStdString()).ok()) {
            return tr("\"%1\" is no gate: write it as silent@batch=10%,2,5, that is kind, stage, "
                      "percent, machines, least sample. Kinds are bad, failed, timed-out, silent, "
                      "crash-looping and integrity; stages gray, pilot, batch and full.")
                .arg(text);
        }
    }
    const domain::GatePolicy policy = gatesOf(form);
    for (auto rule = policy.rules.begin(); rule != policy.rules.end(); ++rule) {
        const bool twice = std::any_of(policy.rules.begin(), rule, [rule](const auto& other) {
            return other.kind == rule->kind && other.stage == rule->stage;
        });
        if (twice)
            return tr("There are two gates \"%1\" for the same stage.")
                .arg(models::toText(domain::nameOf(rule->kind)));
    }
    return {};
}

QString ReleaseFormRules::costProblem(const ReleaseForm& form) {
    std::vector<std::optional<domain::StageKind>> stages;
    for (const QString& text : gateTexts(form.costLimits)) {
        const auto rule = domain::parseCostRule(text.toStdString());
        if (!rule.ok()) {
            return tr("\"%1\" is no limit of cost: write it as full=20%,1.5,8MiB,9, that is stage, "
                      "percent, percent of a core, memory, least sample; or gray=none. Stages are "
                      "gray, pilot, batch and full; the least sample is 5.")
                .arg(text);
        }
        if (std::find(stages.begin(), stages.end(), rule->stage) != stages.end())
            return tr("There are two limits of cost for the same stage: \"%1\".").arg(text);
        stages.push_back(rule->stage);
    }
    return {};
}

QString ReleaseFormRules::rateProblem(const ReleaseForm& form) {
    const QString text = form.downloadRate.trimmed();
    if (text.isEmpty() || domain::parseDownloadRate(text.toStdString()).ok()) return {};
    return tr("\"%1\" is no download rate: write it as 2MB/s or 512KiB/s, from 64KiB/s to 1TiB/s.")
        .arg(text);
}

QString ReleaseFormRules::timeProblem(const ReleaseForm& form) {
    for (const QString& text : windowTexts(form.windows)) {
        if (!domain::parseWeeklyWindow(text.toStdString()).ok())
            return tr("\"%1\" is no window: write it as Mon-Fri 09:00-17:00.").arg(text);
    }
    for (const QString& text : words(form.blackouts)) {
        const auto range = domain::parseDateRange(text.toStdString());
        if (base::errorInfo(range.status()).reason == "BLACKOUT_REVERSED")
            return tr("The end of \"%1\" is before its start.").arg(text);
        if (!range.ok())
            return tr("\"%1\" is no date: write it as 2026-12-24 or 2026-12-24..2027-01-02.")
                .arg(text);
    }
    if (!domain::checkWindows(windowsOf(form)).ok())
        return tr("\"%1\" is no time zone: write it as Asia/Shanghai.").arg(form.timeZone);
    return {};
}

}  // namespace ifrit::gui::presenters
