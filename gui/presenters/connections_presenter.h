// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QStringList>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "gui/models/page_parts.h"
#include "gui/models/view_notice.h"
#include "gui/presenters/action.h"
#include "gui/presenters/connection_hub.h"
#include "gui/presenters/connection_store.h"
#include "gui/presenters/forgotten_login.h"
#include "gui/presenters/kept_text.h"
#include "gui/services/secret_store.h"

namespace ifrit::gui::presenters {

/// The masters that the operator knows: import, connect, test, sign in, forget. GUI thread.
class ConnectionsPresenter : public QObject {
    Q_OBJECT
public:
    /// One step of "Test connection", run or still to come.
    struct Step {
        QString name;
        models::StatusLook look;
        QString detail;
        QString hint;
    };

    struct Parts {
        ConnectionHub& hub;
        ConnectionStore& store;
        services::SessionFactory& factory;
        services::SecretStore& secrets;
    };
    explicit ConnectionsPresenter(const Parts& parts, QObject* parent = nullptr);
    ~ConnectionsPresenter() override;

    const std::vector<KnownMaster>& masters() const { return m_masters; }
    /// Reads a bundle file and puts its master on the list, or renews it there: the line to it is
    /// opened again where it had another content. Returns its index; -1 and error() where the file
    /// is no good.
    int import(const QString& path);
    /// As import(), without a line, of a cluster that is gone when this program is, at the latest.
    int importPassing(const QString& path);
    /// Takes those off the list again.
    void removePassing();
    /// As importPassing(), of a master that came without a file, as by a link: one without secrets.
    /// A file of ours, readable by the operator alone, keeps it.
    int add(const bundle::Bundle& bundle);
    /// As add(), of one address. Where the list has a cluster of the same CA, which came without a
    /// file too, the address is put before its others, and its kind stays.
    int addAddress(bundle::Bundle bundle);
    /// Of masters that are new on the list.
    void setReadOnlyFirst(bool readOnly) { m_readOnlyFirst = readOnly; }
    /// Done at once, with its login where no other master on the list has the same; undoRemove()
    /// takes it back.
    void remove(int index);
    /// Name of the master that undoRemove() would bring back; empty: none.
    QString removedName() const;
    /// Puts the master that was removed last back to its place, and its line too.
    void undoRemove();
    void setReadOnly(int index, bool readOnly);
    void setWatched(int index, bool watched);
    /// At most 64 letters; masters of one group stand together on the list.
    void setGroup(int index, const QString& group);
    /// All that are in it; one that has the name already takes them in. Empty names: those without
    /// a group. Returns the name that they have now.
    QString renameGroup(const QString& from, const QString& to);
    /// The names that there are, in their order on the list.
    QStringList groups() const;
    /// Its file is read once, and again after the list has changed: this is asked every few
    /// seconds, and a file may be slow. One that could not be read is tried again.
    absl::StatusOr<services::ConnectionProfile> profileOf(const KnownMaster& master) const;
    /// The profile with the token of its password login, where it has no certificate and somebody
    /// has signed in: that may take a keychain that asks, and `done` comes later; with a
    /// certificate it comes at once.
    services::CallHandle signedIn(
        const services::ConnectionProfile& profile,
        std::function<void(const services::ConnectionProfile& profile)> done);
    /// Reads the bundle again, and connects. A bundle that cannot be read is told by error().
    void connectTo(int index);
    void disconnect();
    /// Index of the master that the hub is connected, or connecting, to, also while a keychain is
    /// asked for its token; -1: none.
    int current() const;

    /// Those of several masters run side by side, and each keeps what it found until the next, or
    /// until its master is forgotten or imported again.
    void test(int index);
    /// Of the last test of that master; none where it was not tested.
    std::vector<Step> steps(int index) const;
    /// Which master was tested and when, or that it was not; empty where none is chosen.
    QString testLine(int index) const;
    /// Verdict of the last test; empty while it runs or before the first.
    QString testVerdict(int index) const;

    models::StatusLook lookOf(int index) const;
    static models::StatusLook lookOf(const services::LinkStatus& link);
    /// Anything with a master of the list: `index` may be beyond it, where none is chosen.
    Action actionOn(int index) const;
    Action signInAction() const;
    void signIn(const QString& user, const QString& password);
    /// Of a password login; a certificate is not signed out.
    Action signOutAction() const;
    /// Off this computer at once, and ended at the master.
    void signOut();
    QString signInResult() const { return m_signInResult.text(); }
    models::ViewNotice notice() const;
    QString error() const { return m_error.text(); }

Q_SIGNALS:
    void listChanged();
    void testChanged();
    void changed();  ///< link, error, sign-in
    /// The line was opened again with what was imported.
    void renewed(const QString& cluster);
    /// A test saw it; PEM.
    void certificateShown(const QString& bundlePath, const std::string& certificatePem);

private:
    /// Under which a login is kept: the masters that the bundle's CA speaks for.
    static std::string secretName(const bundle::Bundle& bundle);
    QString pathOf(const bundle::Bundle& bundle) const;
    int take(const QString& path, bool isPassing);
    std::optional<services::ConnectionProfile> profileOf(int index);
    void open(const services::ConnectionProfile& profile);
    struct Test;
    Test* testOf(int index) const;
    void runTest(Test& test, const services::ConnectionProfile& profile);
    /// The list is another: what was read for the one before is let go.
    void tellList();
    void keepLogin(const services::LoginSession& session);
    void forgetLogin(const KnownMaster& master);
    void endUndo();
    /// Of a step whose result is there.
    Step stepOf(const services::TestStepResult& result) const;

    ConnectionHub& m_hub;
    ConnectionStore& m_store;
    services::SessionFactory& m_factory;
    services::SecretStore& m_secrets;
    services::CallHandle m_secret;
    bool m_opening = false;  ///< m_secret has not been answered yet
    bool m_readOnlyFirst = false;
    std::vector<KnownMaster> m_masters;
    struct Removed {
        KnownMaster master;
        int index = 0;
        bool wasConnected = false;
    };
    std::optional<Removed> m_removed;
    ForgottenLogin m_forgottenLogin;
    QString m_currentBundle;
    KeptText m_error;
    KeptText m_signInResult;
    std::map<QString, std::unique_ptr<Test>> m_tests;                   ///< by bundle
    mutable std::map<QString, services::ConnectionProfile> m_profiles;  ///< as read, by bundle
};

/// "Test connection" of one master.
struct ConnectionsPresenter::Test {
    // Handles behind the session that they speak to: they go first.
    std::unique_ptr<services::Session> session;
    services::CallHandle secret;
    services::CallHandle call;
    std::vector<services::TestStepResult> lines;  ///< of several addresses
    std::map<services::TestStep, services::TestStepResult> results;
    KeptText verdict;
    base::WallTime at{};
    bool runs = true;
};

}  // namespace ifrit::gui::presenters
