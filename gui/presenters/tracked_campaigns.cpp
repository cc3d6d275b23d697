// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/presenters/tracked_campaigns.h"

#include <QCoreApplication>

namespace ifrit::gui::presenters {
namespace {

using services::CallHandle;
using services::CampaignInfo;
using services::Mutation;
using services::Reply;

struct Words {
    Q_DECLARE_TR_FUNCTIONS(ifrit::gui::presenters::TrackedCampaigns)
};

}  // namespace

CallHandle TrackedCampaigns::import(const std::string& document, Import how,
                                    const Mutation& mutation, Reply<CampaignInfo> reply) {
    // Looking whether a document is good changes nothing.
    if (how != Import::Store) {
        return m_tracker.ask<CampaignInfo>(
            [] { return Words::tr("Ask whether the cluster takes a campaign"); }, std::move(reply),
            [&](auto told, auto) {
                return m_inner.import(document, how, mutation, std::move(told));
            });
    }
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<CampaignInfo>(
        [] { return Words::tr("Give a campaign to the cluster"); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.import(document, how, named, std::move(told)); });
}

CallHandle TrackedCampaigns::get(const std::string& id, Reply<CampaignInfo> reply) {
    return m_tracker.ask<CampaignInfo>(
        [] { return Words::tr("Read a campaign"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.get(id, std::move(told)); });
}

CallHandle TrackedCampaigns::list(const services::PageRequest& page,
                                  Reply<services::Page<CampaignInfo>> reply) {
    // What every cluster is asked by the clock is no operation of a person: one that is away would
    // be a line of its own twice a minute.
    return m_inner.list(page, std::move(reply));
}

CallHandle TrackedCampaigns::prepare(const std::string& id, const Mutation& mutation,
                                     Reply<CampaignInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<CampaignInfo>(
        [] { return Words::tr("Draft the release of a campaign"); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.prepare(id, named, std::move(told)); });
}

CallHandle TrackedCampaigns::present(const std::string& id, const services::SignedReceipt& receipt,
                                     const Mutation& mutation, Reply<CampaignInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<CampaignInfo>(
        [] { return Words::tr("Carry a receipt to the cluster"); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.present(id, receipt, named, std::move(told)); });
}

CallHandle TrackedCampaigns::receipt(const std::string& id, Reply<services::ReceiptInfo> reply) {
    return m_tracker.ask<services::ReceiptInfo>(
        [] { return Words::tr("Read a receipt"); }, std::move(reply),
        [&](auto told, auto) { return m_inner.receipt(id, std::move(told)); });
}

CallHandle TrackedCampaigns::start(const std::string& id, const std::string& planId,
                                   const Mutation& mutation, Reply<CampaignInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<CampaignInfo>(
        [] { return Words::tr("Start a campaign in the cluster"); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.start(id, planId, named, std::move(told)); });
}

CallHandle TrackedCampaigns::abort(const std::string& id, const Mutation& mutation,
                                   Reply<CampaignInfo> reply) {
    const Mutation named = CallTracker::named(mutation);
    return m_tracker.change<CampaignInfo>(
        [] { return Words::tr("Abort a campaign in the cluster"); }, named.requestId,
        std::move(reply),
        [&](auto told, auto) { return m_inner.abort(id, named, std::move(told)); });
}

}  // namespace ifrit::gui::presenters
