// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/new_release_presenter.h"

#include <QRegularExpression>

#include <algorithm>
#include <set>

#include "gui/models/row_order.h"
#include "shared/domain/names.h"
#include "shared/filter/version_order.h"

namespace ifrit::gui::presenters {
namespace {

using models::toText;

/// From here on a release is proposed with a pilot and batches.
constexpr std::uint32_t kManyMachines = 50;

QStringList words(const QString& text) {
    static const QRegularExpression separators(QStringLiteral("[\\s,;]+"));
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

QStringList sorted(const std::set<QString>& texts) {
    return {texts.begin(), texts.end()};
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

}  // namespace

NewReleasePresenter::NewReleasePresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent), m_hub(hub), m_feed(feed), m_packages([this] { Q_EMIT changed(); }) {
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        m_call.cancel();
        m_packages.clear();
        m_draft.reset();
        m_plan.reset();
        m_step = Step::Form;
        Q_EMIT changed();
    });
    connect(&hub, &ConnectionHub::linkChanged, this, &NewReleasePresenter::changed);
}

void NewReleasePresenter::begin() {
    m_call.cancel();
    m_form = {};
    // Where there are many, not all at once unless somebody says so.
    if (m_feed.store().columns().rows() > kManyMachines) {
        m_form.pilotPercent = 1;
        m_form.batches = true;
    }
    m_step = Step::Form;
    m_error.clear();
    m_draft.reset();
    m_plan.reset();
    if (m_hub.session()) {
        m_packages.reload([this](const services::PageRequest& page,
                                 services::Reply<services::Page<services::PackageInfo>> reply) {
            // All that can be chosen, in one answer: versions must not hide behind a page.
            return m_hub.session()->packages().list({}, {page.token, 5'000}, std::move(reply));
        });
    }
    Q_EMIT changed();
}

QStringList NewReleasePresenter::agents() const {
    std::set<QString> out;
    for (const services::PackageInfo& package : m_packages.items())
        out.insert(toText(package.agent));
    return sorted(out);
}

QStringList NewReleasePresenter::versions(const QString& agent) const {
    std::set<QString> found;
    for (const services::PackageInfo& package : m_packages.items()) {
        if (toText(package.agent) == agent) found.insert(toText(package.version));
    }
    QStringList out = sorted(found);
    std::sort(out.begin(), out.end(), [](const QString& a, const QString& b) {
        return filter::compareVersions(a.toStdString(), b.toStdString()) > 0;
    });
    return out;
}

QStringList NewReleasePresenter::types(const QString& agent, const QString& version,
                                       Kind kind) const {
    std::set<QString> out;
    for (const services::PackageInfo& package : m_packages.items()) {
        const bool mine = toText(package.agent) == agent &&
                          (kind != Kind::Install || toText(package.version) == version);
        if (!mine) continue;
        for (const std::string& type : package.machineTypes)
            out.insert(toText(type));
    }
    return sorted(out);
}

int NewReleasePresenter::grayMachines() const {
    const domain::GraySelection gray = spec().gray;
    if (gray.empty()) return -1;
    const models::FleetColumns& columns = m_feed.store().columns();
    const std::set<std::string, std::less<>> uuids(gray.uuids.begin(), gray.uuids.end());
    int count = 0;
    for (std::uint32_t row = 0; row < columns.rows(); ++row) {
        if (columns.alive[row] == 0) continue;
        bool byLabels = !gray.labels.empty();
        const std::string labels = "," + std::string(columns.text(columns.labels[row])) + ",";
        for (const auto& [key, value] : gray.labels) {
            byLabels = byLabels && labels.find("," + key + "=" + value + ",") != std::string::npos;
        }
        if (uuids.contains(columns.uuid[row]) ||
            (!gray.pin.empty() && columns.text(columns.pin[row]) == gray.pin) || byLabels) {
            ++count;
        }
    }
    return count;
}

void NewReleasePresenter::setForm(const Form& form) {
    m_form = form;
    Q_EMIT changed();
}

domain::ReleaseSpec NewReleasePresenter::spec() const {
    domain::ReleaseSpec out;
    out.agent = m_form.agent.toStdString();
    out.action = m_form.kind == Kind::Install     ? domain::DesiredAction::Install
                 : m_form.kind == Kind::Uninstall ? domain::DesiredAction::Uninstall
                                                  : domain::DesiredAction::UninstallPurge;
    if (m_form.kind == Kind::Install) out.version = m_form.version.toStdString();
    for (const QString& type : m_form.types)
        out.machineTypes.push_back(type.toStdString());
    if (m_form.gray) {
        for (const QString& uuid : words(m_form.uuids))
            out.gray.uuids.push_back(uuid.toStdString());
        out.gray.pin = m_form.pin.trimmed().toStdString();
        out.gray.labels = labelsOf(m_form.labels);
    }
    out.pilot.percent = static_cast<std::uint32_t>(m_form.pilotPercent);
    if (m_form.gray || m_form.pilotPercent > 0) {
        out.soak = std::chrono::minutes(m_form.soakMinutes);
        out.autoVerify = m_form.autoVerify;
    }
    out.batches.enabled = m_form.batches;
    if (m_form.batches) {
        out.batches.interval = std::chrono::minutes(m_form.intervalMinutes);
        out.batches.advance =
            m_form.promote ? domain::BatchAdvance::Promote : domain::BatchAdvance::Auto;
    }
    out.maxInFlight = static_cast<std::uint32_t>(m_form.maxInFlight);
    out.machineDeadline = std::chrono::minutes(m_form.deadlineMinutes);
    out.approvalRequired = m_form.approval;
    out.lateJoinersPerMinute = static_cast<std::uint32_t>(m_form.lateJoiners);
    for (const QString& text : windowTexts(m_form.windows)) {
        if (const auto window = domain::parseWeeklyWindow(text.toStdString()); window.ok())
            out.windows.weekly.push_back(*window);
    }
    for (const QString& text : words(m_form.blackouts)) {
        if (const auto range = domain::parseDateRange(text.toStdString()); range.ok())
            out.windows.blackouts.push_back(*range);
    }
    if (!out.windows.empty()) out.windows.timeZone = m_form.timeZone.trimmed().toStdString();
    return out;
}

QString NewReleasePresenter::ruleProblem() const {
    for (const QString& text : windowTexts(m_form.windows)) {
        if (!domain::parseWeeklyWindow(text.toStdString()).ok())
            return tr("\"%1\" is no window: write it as Mon-Fri 09:00-17:00.").arg(text);
    }
    for (const QString& text : words(m_form.blackouts)) {
        if (!domain::parseDateRange(text.toStdString()).ok())
            return tr("\"%1\" is no date: write it as 2026-12-24 or 2026-12-24..2027-01-02.")
                .arg(text);
    }
    if (!domain::checkWindows(spec().windows).ok())
        return tr("\"%1\" is no time zone: write it as Asia/Shanghai.").arg(m_form.timeZone);
    return {};
}

QString NewReleasePresenter::problem() const {
    if (m_packages.loaded() && m_packages.items().empty()) {
        return tr("No package is published yet: publish one first.");
    }
    if (m_form.agent.isEmpty()) return tr("Choose an agent.");
    if (m_form.kind == Kind::Install && m_form.version.isEmpty()) return tr("Choose a version.");
    if (m_form.types.isEmpty()) return tr("Choose at least one machine type.");
    const domain::ReleaseSpec wanted = spec();
    if (m_form.gray && wanted.gray.empty()) {
        return tr(
            "Name the gray machines: uuids, a pin or labels. Or release without a gray stage.");
    }
    for (const std::string& uuid : wanted.gray.uuids) {
        if (!domain::checkMachineUuid(uuid).ok()) return tr("\"%1\" is no uuid.").arg(toText(uuid));
        if (m_feed.store().loaded() && !m_feed.store().rowOf(uuid)) {
            return tr("There is no machine %1 in this cluster.").arg(toText(uuid));
        }
    }
    for (const auto& [key, value] : wanted.gray.labels) {
        if (key.empty() || value.empty()) return tr("Write labels as key=value.");
    }
    if (m_form.gray && grayMachines() == 0) return tr("The gray list matches no machine.");
    if (const QString rules = ruleProblem(); !rules.isEmpty()) return rules;
    if (!domain::checkReason(m_form.reason.toStdString()).ok()) {
        return tr("The reason is longer than 1024 bytes.");
    }
    return {};
}

void NewReleasePresenter::plan() {
    if (!problem().isEmpty() || !m_hub.session()) return;
    m_error = m_hub.whyNot("release.create");
    if (m_error.isEmpty()) {
        m_step = Step::Planning;
        services::Mutation mutation;
        mutation.reason = m_form.reason.toStdString();
        m_call = m_hub.session()->releases().create(
            spec(), mutation, [this](const absl::StatusOr<services::ReleaseInfo>& draft) {
                if (!draft.ok()) {
                    fail(draft.status(), Step::Form);
                    return;
                }
                m_draft = *draft;
                askPlan();
            });
    }
    Q_EMIT changed();
}

void NewReleasePresenter::askPlan() {
    m_call = m_hub.session()->releases().plan(
        m_draft->release.id, [this](const absl::StatusOr<services::ReleasePlan>& plan) {
            if (!plan.ok()) {
                fail(plan.status(), Step::Form);
                return;
            }
            m_plan = *plan;
            m_step = Step::Review;
            Q_EMIT changed();
        });
}

void NewReleasePresenter::fail(const absl::Status& status, Step step) {
    m_error = sentenceOf(status) + QLatin1Char(' ') + codeLineOf(status);
    m_step = step;
    Q_EMIT changed();
}

void NewReleasePresenter::back() {
    m_call.cancel();
    m_plan.reset();
    m_error.clear();
    m_step = Step::Form;
    Q_EMIT changed();
}

}  // namespace ifrit::gui::presenters
