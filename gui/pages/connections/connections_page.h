// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QTabWidget>

#include "gui/pages/page.h"
#include "gui/presenters/address_adder.h"
#include "gui/presenters/connection_details.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/demo_presenter.h"
#include "gui/presenters/master_load_presenter.h"

namespace ifrit::gui::widgets {
class FactList;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class LoadView;
class StepList;
class MasterList;

struct ConnectionsPageParts {
    presenters::ConnectionsPresenter& connections;
    presenters::ConnectionDetails& details;
    presenters::AddressAdder& adder;
    presenters::ConnectionHub& hub;
    presenters::DemoPresenter& demo;
    presenters::MasterLoadPresenter& load;
};

/// The masters that the operator knows; import a bundle, connect, test, sign in, see their load.
class ConnectionsPage : public Page {
    Q_OBJECT
public:
    ConnectionsPage(const widgets::Theme& theme, const ConnectionsPageParts& parts,
                    QWidget* parent);
    static QString viewName() { return tr("Connections"); }
    QList<models::CtlCommand> commands() const override;
    void focusContent() override;
    void exportRows() override;
    void focusFilter() override;
    bool escape() override;
    /// The groups as one flat table, and the load of the masters.
    void toggleTableForm() override;
    void countOn() override;

protected:
    void retranslate() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    enum Tab { kTrust, kTest, kLoad };
    void build();
    void buildDetail();
    void connectParts();
    void update();
    void updateDemo();
    void copyLink();
    void updateList();
    /// State, line and who is signed in, of the chosen one.
    QList<QPair<QString, QString>> lineFacts(const presenters::KnownMaster& master) const;
    void import();
    void addByAddress();
    int chosen() const;
    const presenters::KnownMaster* chosenMaster() const;

    presenters::ConnectionsPresenter& m_presenter;
    presenters::ConnectionDetails& m_details;
    presenters::AddressAdder& m_adder;
    presenters::ConnectionHub& m_hub;
    presenters::DemoPresenter& m_demo;
    QPushButton* m_demoButton;
    QLabel* m_demoLine;
    QPushButton* m_byAddress;
    QPushButton* m_import;
    MasterList* m_list;
    widgets::Panel* m_detail;
    widgets::FactList* m_facts;
    QLabel* m_error;
    QPushButton* m_undo;
    QPushButton* m_connect;
    QPushButton* m_test;
    QPushButton* m_remove;
    QCheckBox* m_readOnly;
    QCheckBox* m_watched;
    QLineEdit* m_group;
    QPushButton* m_link;
    widgets::Panel* m_aboutPanel;
    QTabWidget* m_tabs;
    widgets::FactList* m_trust;
    QLabel* m_tested;  ///< which master the steps are of
    StepList* m_steps;
    LoadView* m_load;
    QLabel* m_verdict;
    widgets::Panel* m_signInPanel;
    QLineEdit* m_user;
    QLineEdit* m_password;
    QPushButton* m_signIn;
    QPushButton* m_signOut;
    QLabel* m_signInResult;
};

}  // namespace ifrit::gui::pages
