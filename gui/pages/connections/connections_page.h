// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>

#include "gui/pages/page.h"
#include "gui/presenters/connections_presenter.h"
#include "gui/presenters/demo_presenter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class StepList;
class MasterModel;

/// The masters that the operator knows; import a bundle, connect, test, sign in.
class ConnectionsPage : public Page {
    Q_OBJECT
public:
    ConnectionsPage(const widgets::Theme& theme, presenters::ConnectionsPresenter& presenter,
                    presenters::ConnectionHub& hub, presenters::DemoPresenter& demo,
                    QWidget* parent);
    ~ConnectionsPage() override;
    QList<models::CtlCommand> commands() const override { return {models::contextsCommand()}; }

protected:
    void retranslate() override;
    void dragEnterEvent(QDragEnterEvent* event) override;
    void dropEvent(QDropEvent* event) override;

private:
    void build();
    void buildDetail();
    void connectParts();
    void update();
    void updateDemo();
    void copyLink();
    void updateList();
    void import();
    int chosen() const;

    presenters::ConnectionsPresenter& m_presenter;
    presenters::ConnectionHub& m_hub;
    presenters::DemoPresenter& m_demo;
    QPushButton* m_demoButton;
    QLabel* m_demoLine;
    QPushButton* m_import;
    MasterModel* m_model;
    widgets::DataTable* m_table;
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
    widgets::Panel* m_testPanel;
    StepList* m_steps;
    QLabel* m_verdict;
    widgets::Panel* m_signInPanel;
    QLineEdit* m_user;
    QLineEdit* m_password;
    QPushButton* m_signIn;
    QLabel* m_signInResult;
};

}  // namespace ifrit::gui::pages
