// SPDX-License-Identifier: GPL-3.0-or-later
// What each list has beyond the rows that its table shows.
#include "gui/presenters/access_presenter.h"
#include "gui/presenters/audit_presenter.h"
#include "gui/presenters/campaigns_presenter.h"
#include "gui/presenters/machine_detail_presenter.h"
#include "gui/presenters/machines_presenter.h"
#include "gui/presenters/package_releases.h"
#include "gui/presenters/packages_presenter.h"
#include "gui/presenters/release_presenter.h"
#include "gui/presenters/releases_presenter.h"
#include "gui/presenters/row_source.h"

namespace ifrit::gui::presenters {
namespace {

/// Every machine of the store, in the order of the table.
class FleetRows final : public RowSource {
public:
    FleetRows(FleetFeed& feed, const models::TimeText& times, models::Worker& worker,
              const models::RowOrder& order)
        : m_model(feed.store(), times, worker) {
        m_model.sort(static_cast<int>(order.column),
                     order.descending ? Qt::DescendingOrder : Qt::AscendingOrder);
        QObject::connect(&feed, &FleetFeed::rowsAboutToGo, &m_model,
                         &models::MachineTableModel::forgetRows);
        QObject::connect(&feed, &FleetFeed::storeChanged, &m_model,
                         &models::MachineTableModel::storeChanged);
    }
    void read(Progress, Done done) override {
        m_done = std::move(done);
        // A large fleet is ordered by the worker.
        QObject::connect(&m_model, &models::MachineTableModel::orderChanged, &m_context,
                         [this] { look(); });
        QMetaObject::invokeMethod(
            &m_context, [this] { look(); }, Qt::QueuedConnection);
    }
    const QAbstractItemModel& model() const override { return m_model; }

private:
    void look() {
        if (m_model.ordering() || !m_done) return;
        // Not from within the model's own change: what is told may destroy it.
        QMetaObject::invokeMethod(
            &m_context,
            [this] {
                if (const Done done = std::exchange(m_done, nullptr)) done({});
            },
            Qt::QueuedConnection);
    }
    models::MachineTableModel m_model;
    Done m_done;
    QObject m_context;
};

using Audit = PagedRows<services::AuditRow, models::AuditModel>;

}  // namespace

std::unique_ptr<RowSource> MachinesPresenter::everyMachine() {
    return std::make_unique<FleetRows>(m_feed, m_hub.times(), m_worker, m_model.order());
}

std::unique_ptr<RowSource> MachineDetailPresenter::eventRows() {
    return std::make_unique<PagedRows<domain::MachineEvent, models::MachineEventModel>>(
        m_hub, [this, uuid = m_uuid.toStdString()](
                   const services::PageRequest& page,
                   services::Reply<services::Page<domain::MachineEvent>> reply) {
            return m_hub.session()->fleet().events(uuid, page, std::move(reply));
        });
}

std::unique_ptr<RowSource> AuditPresenter::rows(const Filter& filter) {
    return std::make_unique<Audit>(
        m_hub, [this, filter](const services::PageRequest& page,
                              services::Reply<services::Page<services::AuditRow>> reply) {
            services::AuditQuery query = queryOf(filter);
            query.page = page;
            return m_hub.session()->audit().list(query, std::move(reply));
        });
}

std::unique_ptr<RowSource> PackagesPresenter::rows() {
    return std::make_unique<PagedRows<services::PackageInfo, models::PackageModel>>(
        m_hub, [this](const services::PageRequest& page,
                      services::Reply<services::Page<services::PackageInfo>> reply) {
            return m_hub.session()->packages().list({}, page, std::move(reply));
        });
}

std::unique_ptr<RowSource> ReleasesPresenter::rows() {
    return std::make_unique<PagedRows<services::ReleaseInfo, models::ReleaseModel>>(
        m_hub, [this](const services::PageRequest& page,
                      services::Reply<services::Page<services::ReleaseInfo>> reply) {
            return m_hub.session()->releases().list({{}, false, page}, std::move(reply));
        });
}

std::unique_ptr<RowSource> CampaignsPresenter::rows() const {
    return std::make_unique<HeldRows<services::CampaignBoard, models::CampaignModel>>(
        m_hub.times(), m_model.all());
}

std::unique_ptr<RowSource> AccessPresenter::userRows() const {
    return std::make_unique<HeldRows<services::UserInfo, models::UserModel>>(m_hub.times(),
                                                                             m_users.all());
}

std::unique_ptr<RowSource> AccessPresenter::grantRows() const {
    return std::make_unique<HeldRows<services::GrantInfo, models::GrantModel>>(m_hub.times(),
                                                                               m_grants.all());
}

std::unique_ptr<RowSource> PackageReleases::rows() {
    using Releases = services::Page<services::ReleaseInfo>;
    return std::make_unique<PagedRows<services::ReleaseInfo, models::PackageReleaseModel>>(
        m_hub, [this, package = m_packages.chosen().value_or(services::PackageInfo())](
                   const services::PageRequest& page, services::Reply<Releases> reply) {
            return m_hub.session()->releases().list(
                {package.agent, false, page},
                [package, reply = std::move(reply)](absl::StatusOr<Releases> releases) {
                    if (releases.ok()) {
                        std::erase_if(releases->items, [&package](const auto& info) {
                            return !usesPackage(info.release.spec, package);
                        });
                    }
                    reply(std::move(releases));
                });
        });
}

std::unique_ptr<RowSource> ReleasePresenter::machineRows() {
    return std::make_unique<PagedRows<services::ReleaseMachine, models::ReleaseMachineModel>>(
        m_hub, [this, id = m_id.toStdString()](
                   const services::PageRequest& page,
                   services::Reply<services::Page<services::ReleaseMachine>> reply) {
            return m_hub.session()->releases().machines({id, std::nullopt, page}, std::move(reply));
        });
}

std::unique_ptr<RowSource> ReleasePresenter::timelineRows() {
    return std::make_unique<PagedRows<services::TimelineEntry, models::TimelineModel>>(
        m_hub, [this, id = m_id.toStdString()](
                   const services::PageRequest& page,
                   services::Reply<services::Page<services::TimelineEntry>> reply) {
            return m_hub.session()->releases().timeline(id, page, std::move(reply));
        });
}

std::unique_ptr<RowSource> ReleasePresenter::auditRows() {
    return std::make_unique<Audit>(
        m_hub,
        [this, id = auditObject()](const services::PageRequest& page,
                                   services::Reply<services::Page<services::AuditRow>> reply) {
            services::AuditQuery query;
            query.object = id;
            query.page = page;
            return m_hub.session()->audit().list(query, std::move(reply));
        });
}

}  // namespace ifrit::gui::presenters
