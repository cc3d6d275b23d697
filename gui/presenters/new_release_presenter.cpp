// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/new_release_presenter.h"

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

QStringList sorted(const std::set<QString>& texts) {
    return {texts.begin(), texts.end()};
}

}  // namespace

NewReleasePresenter::NewReleasePresenter(ConnectionHub& hub, FleetFeed& feed, QObject* parent)
    : QObject(parent),
      m_hub(hub),
      m_feed(feed),
      m_packages([this] {
          // To the end: a version must not hide behind a page.
          if (m_packages.error().ok()) m_packages.more();
          Q_EMIT changed();
      }),
      m_drafts(hub) {
    connect(&hub, &ConnectionHub::sessionClosing, this, [this] {
        loseStart();
        m_call.cancel();
        m_packages.clear();
        setPlan(std::nullopt);
        m_step = Step::Form;
        Q_EMIT changed();
    });
    connect(&feed, &FleetFeed::storeChanged, this, [this] {
        m_grayCount.forget();
        m_running.forget();
    });
    connect(&m_drafts, &DraftKeeper::leftBehind, this, &NewReleasePresenter::draftLeft);
    connect(&hub, &ConnectionHub::linkChanged, this, &NewReleasePresenter::changed);
    connect(&hub, &ConnectionHub::resumed, this, [this] {
        if (!m_packages.error().ok()) readPackages();
    });
}

void NewReleasePresenter::begin() {
    dismiss();
    loseStart();
    m_call.cancel();
    m_form = {};
    // Where there are many, not all at once unless somebody says so.
    if (m_feed.store().columns().rows() > kManyMachines) {
        m_form.pilotPercent = 1;
        m_form.batches = true;
    }
    m_step = Step::Form;
    if (m_hub.session()) readPackages();
    Q_EMIT changed();
}

void NewReleasePresenter::readPackages() {
    m_packages.reload([this](const services::PageRequest& page,
                             services::Reply<services::Page<services::PackageInfo>> reply) {
        return m_hub.session()->packages().list({}, {page.token, 5'000}, std::move(reply));
    });
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
    return m_grayCount.of(gray, m_feed.store());
}

QString NewReleasePresenter::runsNow() const {
    return RunningNow::sentenceOf(m_running.of(m_form.agent.toStdString(), m_feed.store()),
                                  m_form.types,
                                  m_form.kind == Kind::Install ? m_form.version : QString());
}

void NewReleasePresenter::setForm(const Form& form) {
    m_form = form;
    Q_EMIT changed();
}

QString NewReleasePresenter::problem() const {
    if (m_packages.loaded() && m_packages.items().empty()) {
        return tr("No package is published yet: publish one first.");
    }
    if (!m_packages.loaded() && !m_packages.error().ok())
        return tr("The packages could not be read. %1").arg(sentenceOf(m_packages.error()));
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
    const std::uint32_t ringBatches = m_feed.cluster() ? m_feed.cluster()->ringBatches : 0;
    if (const QString rules = ReleaseFormRules::problem(m_form, ringBatches); !rules.isEmpty())
        return rules;
    if (!domain::checkReason(m_form.reason.toStdString()).ok()) {
        return tr("The reason is longer than 1024 bytes.");
    }
    return {};
}

void NewReleasePresenter::makeDraft(Step meanwhile, std::function<void()> made) {
    if (m_step != Step::Form || !problem().isEmpty() || !m_hub.session()) return;
    m_error = m_hub.whyNot("release.create");
    if (m_error.isEmpty()) {
        m_step = meanwhile;
        m_drafts.make(spec(), m_form.reason.toStdString(),
                      [this, made = std::move(made)](const auto& draft) {
                          if (draft.ok()) {
                              made();
                          } else {
                              fail(draft.status(), Step::Form);
                          }
                      });
    }
    Q_EMIT changed();
}

void NewReleasePresenter::plan() {
    makeDraft(Step::Planning, [this] { askPlan(); });
}

void NewReleasePresenter::askPlan() {
    m_call = m_hub.session()->releases().plan(
        m_drafts.draft()->release.id, [this](const absl::StatusOr<services::ReleasePlan>& plan) {
            if (!plan.ok()) {
                m_drafts.drop();
                fail(plan.status(), Step::Form);
                return;
            }
            setPlan(*plan);
            m_step = Step::Review;
            Q_EMIT changed();
        });
}

Action NewReleasePresenter::saveAction() const {
    if (m_step == Step::Review) return {};
    if (m_step != Step::Form) return {tr("The master has not answered yet.")};
    if (const QString why = problem(); !why.isEmpty()) return {why};
    return {m_hub.whyNot("release.create")};
}

void NewReleasePresenter::save() {
    if (!saveAction().enabled()) return;
    const auto keep = [this] {
        const QString id = toText(m_drafts.draft()->release.id);
        m_drafts.release();
        setPlan(std::nullopt);
        m_step = Step::Form;
        Q_EMIT saved(id);
    };
    if (m_step == Step::Review) {
        keep();
    } else {
        makeDraft(Step::Saving, keep);
    }
}

models::CtlCommand NewReleasePresenter::command() const {
    return models::createReleaseCommand(spec());
}

void NewReleasePresenter::fail(const absl::Status& status, Step step) {
    m_error = failureOf(status);
    m_step = step;
    Q_EMIT changed();
}

void NewReleasePresenter::back() {
    dismiss();
    Q_EMIT changed();
}

void NewReleasePresenter::dismiss() {
    // What is being started is not ended: its answer is still told.
    if (m_step != Step::Starting) {
        m_call.cancel();
        m_drafts.drop();
    }
    setPlan(std::nullopt);
    m_error.clear();
    m_step = Step::Form;
}

}  // namespace ifrit::gui::presenters
