// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLabel>
#include <QPushButton>
#include <QTabWidget>

#include <functional>

#include "gui/pages/page.h"
#include "gui/presenters/access_presenter.h"
#include "gui/widgets/splitter.h"

namespace ifrit::gui::widgets {
class DataTable;
class FactList;
class FilterLine;
class Panel;
}  // namespace ifrit::gui::widgets

namespace ifrit::gui::pages {

class CertificatesTab;
class CheckTab;
class TokensTab;
class UserListTab;

/// Users and permissions: who may sign in, what each is granted, their tokens and certificates, and
/// whether somebody may do something.
class AccessPage : public Page {
    Q_OBJECT
public:
    AccessPage(const widgets::Theme& theme, presenters::AccessPresenter& presenter,
               QWidget* parent);
    static QString viewName() { return tr("Permissions"); }
    void refresh() override { m_presenter.refresh(); }
    void focusFilter() override;
    /// To the users: what is beside them is about the chosen one.
    void focusContent() override;
    bool escape() override;
    ExportTable exportOf(const widgets::DataTable& table) const override;
    QList<models::CtlCommand> commands() const override;
    QSplitter* splitter() { return m_splitter; }
    /// May the chosen user do what the last tab says?
    void ask();

protected:
    void retranslate() override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    using Verb = presenters::AccessPresenter::Verb;

    void build();
    QWidget* buildDetail();
    void connectParts();
    void connectVerbs();
    void update();
    void updateDetail();
    void updateRows();
    QList<UserListTab*> lists() const;
    widgets::FilterLine* nearFilter() const;
    void act(Verb verb);
    void addUser();
    void giveGrant();
    /// Shows the sheet; nullopt where it was not accepted.
    /// `whyNot`: it cannot be done any more, while the sheet stands.
    std::optional<models::Consent> sure(const models::DangerFacts& facts,
                                        const std::function<QString()>& whyNot);
    /// What the last verb came to is of no matter any more: of another user, or before the next.
    void forgetResult();

    presenters::AccessPresenter& m_presenter;
    QPushButton* m_export;
    QPushButton* m_add;
    widgets::Splitter* m_splitter;
    widgets::FilterLine* m_usersFilter;
    widgets::DataTable* m_users;
    widgets::Panel* m_detail;
    QLabel* m_nobody;            ///< in place of the other, while nobody is chosen
    QWidget* m_about = nullptr;  ///< the chosen user
    widgets::FactList* m_facts;
    QPushButton* m_password;
    QPushButton* m_role;
    QPushButton* m_standing;
    QPushButton* m_remove;
    QLabel* m_result;
    QString m_resultOf;  ///< who was chosen then
    QTabWidget* m_tabs;
    UserListTab* m_grants;
    QPushButton* m_give;
    QPushButton* m_take;
    TokensTab* m_tokens;
    CertificatesTab* m_certificates;
    CheckTab* m_check;
    bool m_chosenOnce = false;
};

}  // namespace ifrit::gui::pages
