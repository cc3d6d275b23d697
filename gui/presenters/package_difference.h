// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <absl/status/statusor.h>

#include <QObject>

#include "gui/models/package_models.h"
#include "gui/models/previous_package.h"
#include "gui/models/worker.h"
#include "gui/presenters/packages_presenter.h"

namespace ifrit::gui::presenters {

/// How the chosen package differs from the one before it: the packages of its agent are read to
/// their end, the manifest of the one before is fetched, both are compared by the worker. Begins
/// when somebody looks; all of it is dropped when another package is chosen. GUI thread.
class PackageDifference : public QObject {
    Q_OBJECT
public:
    PackageDifference(ConnectionHub& hub, PackagesPresenter& packages, models::Worker& worker,
                      QObject* parent = nullptr);

    void setShown(bool shown);
    /// From the beginning.
    void refresh();
    models::ManifestChangeModel& model() { return m_model; }
    /// What it can be compared with; several where its machine types had several before.
    QStringList bases() const;
    int base() const { return m_base; }
    void chooseBase(int base);
    /// "Against 1.5.0: 3 fields, 2 files"; empty until there is something to compare.
    QString line() const;
    bool failed() const { return m_step == Step::Failed; }
    /// What stands in the table's room: that it is loaded, that there is none before, that both are
    /// alike, or what failed.
    QString emptyText() const;

Q_SIGNALS:
    void changed();

private:
    enum class Step { Idle, Searching, Fetching, Comparing, NonePrevious, Failed, Done };
    using Changes = absl::StatusOr<std::vector<models::ManifestChange>>;

    void follow();
    void drop();
    void begin();
    void search(const std::string& token);
    void fetch();
    /// Once both manifests are there.
    void compare();
    void take(Changes changes);
    void go(Step step);
    void fail(const absl::Status& status);
    const services::PackageInfo& baseAsFetched() const {
        return m_previous[static_cast<std::size_t>(m_base)].package;
    }

    ConnectionHub& m_hub;
    PackagesPresenter& m_packages;
    models::Worker& m_worker;
    models::ManifestChangeModel m_model;
    std::string m_digest;  ///< of the package that all of it is about
    std::vector<services::PackageInfo> m_ofAgent;
    std::vector<models::PreviousPackage> m_previous;
    std::string m_baseManifest;
    services::CallHandle m_call;
    absl::Status m_error;
    Step m_step = Step::Idle;
    int m_base = 0;
    unsigned m_run = 0;  ///< what the worker brings of an earlier one is dropped
    bool m_shown = false;
};

}  // namespace ifrit::gui::presenters
