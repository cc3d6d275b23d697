// SPDX-License-Identifier: GPL-3.0-or-later
#include "gui/pages/connections/connections_page.h"

#include <QClipboard>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QGuiApplication>
#include <QMimeData>
#include <QScrollArea>

#include "gui/models/ifrit_link.h"
#include "gui/pages/connections/add_address_dialog.h"
#include "gui/pages/connections/load_view.h"
#include "gui/pages/connections/master_list.h"
#include "gui/pages/connections/step_list.h"
#include "gui/widgets/fact_list.h"
#include "gui/widgets/panel.h"
#include "gui/widgets/scrolled.h"

namespace ifrit::gui::pages {

using presenters::ConnectionsPresenter;

ConnectionsPage::ConnectionsPage(const widgets::Theme& theme, const ConnectionsPageParts& parts,
                                 QWidget* parent)
    : Page(theme, parent),
      m_presenter(parts.connections),
      m_details(parts.details),
      m_adder(parts.adder),
      m_hub(parts.hub),
      m_demo(parts.demo),
      m_demoButton(new QPushButton(this)),
      m_demoLine(widgets::mutedLabel({}, this)),
      m_byAddress(new QPushButton(this)),
      m_import(primaryButton({}, this)),
      m_list(new MasterList(theme, m_presenter, m_details, this)),
      m_detail(new widgets::Panel(theme, this)),
      m_facts(new widgets::FactList(theme, this)),
      m_error(new QLabel(this)),
      m_undo(new QPushButton(this)),
      m_connect(primaryButton({}, this)),
      m_test(new QPushButton(this)),
      m_remove(new QPushButton(this)),
      m_readOnly(new QCheckBox(this)),
      m_watched(new QCheckBox(this)),
      m_group(new QLineEdit(this)),
      m_link(new QPushButton(this)),
      m_aboutPanel(new widgets::Panel(theme, this)),
      m_tabs(new QTabWidget(this)),
      m_trust(new widgets::FactList(theme, this)),
      m_tested(new QLabel(this)),
      m_steps(new StepList(theme, this)),
      m_load(new LoadView(theme, parts.load, m_hub.times(), this)),
      m_verdict(widgets::mutedLabel({}, this)),
      m_signInPanel(new widgets::Panel(theme, this)),
      m_user(new QLineEdit(this)),
      m_password(new QLineEdit(this)),
      m_signIn(new QPushButton(this)),
      m_signOut(new QPushButton(this)),
      m_signInResult(widgets::mutedLabel({}, this)) {
    setAcceptDrops(true);
    build();
    buildDetail();
    connectParts();
    updateList();
    retranslate();
}

void ConnectionsPage::build() {
    actions()->addWidget(m_demoButton);
    actions()->addWidget(m_byAddress);
    m_byAddress->setVisible(m_adder.offered());
    offer({m_demoButton, m_byAddress, m_import});
    offer({m_connect, m_test, m_link, m_remove},
          [this] { return chosenMaster() == nullptr ? QString() : chosenMaster()->cluster; });
    // To the one that the window is about, whichever is chosen.
    offer({m_signIn, m_signOut}, [this] {
        return m_hub.hasSession() ? models::toText(m_hub.profile().bundle.cluster) : QString();
    });
    actions()->addWidget(m_import);
    m_error->setProperty("look", QLatin1String("fail"));
    m_error->setWordWrap(true);
    m_error->setTextInteractionFlags(Qt::TextSelectableByMouse);
    // Outside the content: the error of a first import is told beside the empty list too.
    static_cast<QVBoxLayout*>(layout())->insertWidget(2, m_error);
    m_demoLine->setWordWrap(true);
    static_cast<QVBoxLayout*>(layout())->insertWidget(3, m_demoLine);
    m_undo->setProperty("look", QLatin1String("link"));
    actions()->insertWidget(0, m_undo);
    auto* list = new widgets::Panel(theme(), this);
    list->body()->setContentsMargins(6, 6, 6, 6);
    list->body()->addWidget(m_list);
    list->setMinimumHeight(170);
    body()->addWidget(list, 1);
}

void ConnectionsPage::buildDetail() {
    m_facts->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
    m_detail->body()->addWidget(m_facts);
    m_detail->body()->addWidget(m_readOnly);
    m_detail->body()->addWidget(m_watched);
    m_detail->body()->addWidget(m_group);
    m_detail->body()->addStretch(1);
    auto* buttons = new QHBoxLayout;
    for (QPushButton* button : {m_connect, m_test, m_link, m_remove})
        buttons->addWidget(button);
    buttons->addStretch(1);
    m_detail->body()->addLayout(buttons);
    for (QLabel* label : {m_tested, m_verdict})
        label->setWordWrap(true);
    // In a low window a fingerprint is scrolled to, and not cut.
    const auto addTab = [this](const QList<QWidget*>& parts) {
        auto* tab = new QWidget(m_tabs);
        auto* column = new QVBoxLayout(tab);
        column->setContentsMargins(0, 8, 0, 0);
        for (QWidget* part : parts)
            column->addWidget(part);
        column->addStretch(1);
        m_tabs->addTab(widgets::scrolled(tab, m_tabs), {});
    };
    addTab({m_trust});
    addTab({m_tested, m_steps, m_verdict});
    m_tabs->addTab(m_load, {});
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->tabBar()->setDrawBase(false);
    m_aboutPanel->body()->addWidget(m_tabs, 1);
    m_password->setEchoMode(QLineEdit::Password);
    m_signInResult->setWordWrap(true);
    m_signInPanel->body()->addWidget(m_user);
    m_signInPanel->body()->addWidget(m_password);
    auto* logins = new QHBoxLayout;
    logins->addWidget(m_signIn);
    logins->addWidget(m_signOut);
    logins->addStretch(1);
    m_signInPanel->body()->addLayout(logins);
    m_signInPanel->body()->addWidget(m_signInResult);
    m_signInPanel->body()->addStretch(1);
    body()->addLayout(widgets::sharedRow({{m_detail, 4}, {m_aboutPanel, 5}, {m_signInPanel, 3}}),
                      2);
}

void ConnectionsPage::connectParts() {
    connect(m_list, &MasterList::chosenChanged, this, &ConnectionsPage::update);
    connect(m_list, &MasterList::filtered, this, &ConnectionsPage::update);
    connect(m_list, &MasterList::opened, this,
            [this](int master) { m_presenter.connectTo(master); });
    connect(m_list, &MasterList::groupWanted, this, [this] {
        m_group->setFocus();
        m_group->selectAll();
    });
    connect(m_import, &QPushButton::clicked, this, &ConnectionsPage::import);
    connect(m_byAddress, &QPushButton::clicked, this, &ConnectionsPage::addByAddress);
    connect(this, &PageFrame::noticeActed, this, &ConnectionsPage::import);
    connect(m_connect, &QPushButton::clicked, this, [this] {
        if (chosen() >= 0 && chosen() == m_presenter.current()) {
            m_presenter.disconnect();
        } else {
            m_presenter.connectTo(chosen());
        }
    });
    connect(m_test, &QPushButton::clicked, this, [this] {
        m_tabs->setCurrentIndex(kTest);
        m_presenter.test(chosen());
    });
    connect(m_remove, &QPushButton::clicked, this, [this] { m_presenter.remove(chosen()); });
    connect(m_undo, &QPushButton::clicked, this, [this] { m_presenter.undoRemove(); });
    connect(m_readOnly, &QCheckBox::clicked, this,
            [this](bool on) { m_presenter.setReadOnly(chosen(), on); });
    connect(m_watched, &QCheckBox::clicked, this,
            [this](bool on) { m_presenter.setWatched(chosen(), on); });
    connect(m_group, &QLineEdit::editingFinished, this,
            [this] { m_presenter.setGroup(chosen(), m_group->text()); });
    connect(m_link, &QPushButton::clicked, this, &ConnectionsPage::copyLink);
    connect(m_demoButton, &QPushButton::clicked, &m_demo, &presenters::DemoPresenter::toggle);
    connect(&m_demo, &presenters::DemoPresenter::changed, this, &ConnectionsPage::updateDemo);
    const auto signIn = [this] {
        m_presenter.signIn(m_user->text(), m_password->text());
        m_password->clear();
    };
    connect(m_signIn, &QPushButton::clicked, this, signIn);
    connect(m_signOut, &QPushButton::clicked, &m_presenter, &ConnectionsPresenter::signOut);
    connect(m_password, &QLineEdit::returnPressed, this, signIn);
    // A password that was typed for one master is not for the next.
    for (const auto signal :
         {&presenters::ConnectionHub::sessionClosing, &presenters::ConnectionHub::sessionOpened})
        connect(&m_hub, signal, m_password, &QLineEdit::clear);
    connect(&m_presenter, &ConnectionsPresenter::listChanged, this, &ConnectionsPage::updateList);
    connect(&m_presenter, &ConnectionsPresenter::changed, this, &ConnectionsPage::update);
    connect(&m_details, &presenters::ConnectionDetails::changed, this, &ConnectionsPage::update);
    connect(&m_presenter, &ConnectionsPresenter::testChanged, this, &ConnectionsPage::update);
}

void ConnectionsPage::retranslate() {
    setTitle(viewName());
    m_import->setText(tr("Import bundle file…"));
    m_byAddress->setText(tr("Add by address…"));
    widgets::keepWidthFor(m_connect, {tr("Connect"), tr("Disconnect")});
    m_test->setText(tr("Test connection"));
    m_remove->setText(tr("Forget"));
    m_readOnly->setText(tr("Read-only: refuse every change on this connection"));
    m_watched->setText(tr("Keep on the cluster map while another is open"));
    m_group->setPlaceholderText(tr("Group, as \"Europe\""));
    m_group->setAccessibleName(tr("Group"));
    m_link->setText(tr("Copy link"));
    updateDemo();
    m_tabs->setTabText(kTrust, tr("Certificates"));
    m_tabs->setTabText(kTest, tr("Test connection"));
    m_tabs->setTabText(kLoad, tr("Load of the masters"));
    m_user->setPlaceholderText(tr("User"));
    m_user->setAccessibleName(tr("User"));
    m_password->setPlaceholderText(tr("Password"));
    m_password->setAccessibleName(tr("Password"));
    m_signIn->setText(tr("Sign in"));
    m_signOut->setText(tr("Sign out"));
    m_list->retranslate();
    update();
}

void ConnectionsPage::updateList() {
    m_list->refill();
    update();
}

int ConnectionsPage::chosen() const {
    return m_list->chosen();
}

const presenters::KnownMaster* ConnectionsPage::chosenMaster() const {
    const auto& all = m_presenter.masters();
    const auto at = static_cast<std::size_t>(chosen());  // nobody: beyond the last
    return at < all.size() ? &all[at] : nullptr;
}

void ConnectionsPage::update() {
    show(m_presenter.notice());
    setFacts(m_list->countLine());
    m_error->setText(m_presenter.error());
    m_error->setVisible(!m_presenter.error().isEmpty());
    m_list->touch();
    const presenters::KnownMaster* master = chosenMaster();
    const bool current = chosen() >= 0 && chosen() == m_presenter.current();
    m_connect->setText(current ? tr("Disconnect") : tr("Connect"));
    // Connecting is what the page is for; letting go is not.
    const char* look = current ? "" : "primary";
    if (m_connect->property("look").toString() != QLatin1String(look)) {
        m_connect->setProperty("look", QLatin1String(look));
        widgets::setLook(m_connect, look);
    }
    m_undo->setVisible(!m_presenter.removedName().isEmpty());
    m_undo->setText(tr("%1 was forgotten. Undo").arg(m_presenter.removedName()));
    const presenters::Action any = m_presenter.actionOn(chosen());
    for (QWidget* widget : std::initializer_list<QWidget*>{m_connect, m_test, m_remove, m_readOnly,
                                                           m_watched, m_group})
        apply(widget, any);
    apply(m_link, any, tr("An ifrit:// link that adds this master elsewhere; it holds no secret"));
    m_detail->setHeading(master != nullptr ? master->cluster : m_list->headingWithout());
    m_readOnly->setChecked(master != nullptr && master->readOnly);
    m_watched->setChecked(master != nullptr && master->watched);
    if (!m_group->hasFocus()) m_group->setText(master != nullptr ? master->group : QString());
    m_facts->setFacts(master != nullptr ? lineFacts(*master) : m_list->groupFacts());
    m_trust->setFacts(master != nullptr ? m_details.trust(*master)
                                        : presenters::ConnectionDetails::Facts());
    m_load->setConnected(current);
    m_tested->setText(m_presenter.testLine(chosen()));
    m_steps->setSteps(m_presenter.steps(chosen()));
    m_verdict->setText(m_presenter.testVerdict(chosen()));
    // Not where the row is that is chosen: the password goes where the window is.
    m_signInPanel->setHeading(
        m_hub.hasSession() ? tr("Sign in to %1").arg(models::toText(m_hub.profile().bundle.cluster))
                           : tr("Sign in"));
    apply(m_signIn, m_presenter.signInAction());
    apply(m_signOut, m_presenter.signOutAction(),
          tr("Ends the login at the master, and takes it off this computer"));
    m_signInResult->setText(m_presenter.signInResult().isEmpty()
                                ? tr("Not needed where the bundle holds a client certificate.")
                                : m_presenter.signInResult());
}

void ConnectionsPage::countOn() {
    Page::countOn();
    const presenters::KnownMaster* master = chosenMaster();
    if (master != nullptr && chosen() == m_presenter.current())
        m_facts->setFacts(lineFacts(*master));
}

QList<QPair<QString, QString>> ConnectionsPage::lineFacts(
    const presenters::KnownMaster& master) const {
    QList<QPair<QString, QString>> facts = {{tr("State"), m_details.stateSentence(master)},
                                            {tr("Address"), master.address},
                                            {tr("Server version"), m_details.serverVersion(master)},
                                            {tr("Latency"), m_details.latency(master)}};
    if (chosen() != m_presenter.current()) {
        facts << qMakePair(tr("User"), m_details.user(master));
        return facts;
    }
    const services::LinkStatus& link = m_hub.link();
    if (!m_hub.isConnected()) facts << qMakePair(tr("Line"), m_hub.linkSentence());
    if (!link.lastError.ok()) facts << qMakePair(tr("Why"), presenters::sentenceOf(link.lastError));
    if (const auto& who = m_hub.identity()) {
        facts << qMakePair(
            tr("Signed in as"),
            tr("%1, %2, by %3")
                .arg(models::toText(who->user), models::StatusWords::roleName(who->role),
                     models::StatusWords::methodName(who->method)));
        if (who->expires) facts << qMakePair(tr("Until"), m_hub.times().at(who->expires));
    }
    return facts;
}

QList<models::CtlCommand> ConnectionsPage::commands() const {
    return {m_load->isVisible() ? models::loadCommand() : models::contextsCommand()};
}

void ConnectionsPage::focusContent() {
    if (m_list->isVisibleTo(this)) {
        m_list->view()->setFocus();
    } else {
        Page::focusContent();
    }
}

void ConnectionsPage::exportRows() {
    // The load's own tables, where the keyboard is at one.
    if (m_load->isAncestorOf(focusWidget())) {
        Page::exportRows();
    } else {
        exportTable(m_list->exported(), this);
    }
}

void ConnectionsPage::focusFilter() {
    m_list->focusFilter();
}

bool ConnectionsPage::escape() {
    if (!m_list->filters()) return false;
    m_list->clearFilter();
    return true;
}

void ConnectionsPage::toggleTableForm() {
    m_list->toggleTableForm();
    m_load->toggleTableForm();
}

void ConnectionsPage::updateDemo() {
    using State = presenters::DemoPresenter::State;
    const State state = m_demo.state();
    const bool off = state == State::Stopped || state == State::Absent;
    m_demoButton->setText(off ? tr("Start a demo cluster") : tr("Stop the demo"));
    apply(m_demoButton, m_demo.startAction(),
          off ? tr("A master and 12 machines on this computer, with a release that moves")
              : tr("Ends every process of the demo"));
    m_demoLine->setText(m_demo.line());
    m_demoLine->setVisible(!m_demo.line().isEmpty());
}

void ConnectionsPage::copyLink() {
    const presenters::KnownMaster* master = chosenMaster();
    if (master == nullptr) return;
    const auto profile = m_presenter.profileOf(*master);
    if (!profile.ok()) return;
    models::IfritLink link;
    link.kind = models::IfritLink::Kind::Add;
    link.cluster = master->cluster;
    link.clusterKind = master->kind;
    link.address = master->address;
    link.caPem = profile->bundle.caPem;
    QGuiApplication::clipboard()->setText(models::IfritLinks::textOf(link));
}

void ConnectionsPage::import() {
    const QString path = QFileDialog::getOpenFileName(
        this, tr("Import a bundle file"), {}, tr("Bundles (*.toml *.bundle);;All files (*)"));
    if (path.isEmpty()) return;
    const int index = m_presenter.import(path);
    if (index >= 0) m_list->choose(index);
}

void ConnectionsPage::addByAddress() {
    AddAddressDialog dialog(theme(), m_adder, this);
    if (dialog.exec() != QDialog::Accepted) return;
    m_list->choose(dialog.index());
    m_presenter.connectTo(dialog.index());
    Q_EMIT told(tr("%1 was added. Sign in with your password.")
                    .arg(m_presenter.masters()[static_cast<std::size_t>(dialog.index())].cluster));
}

void ConnectionsPage::dragEnterEvent(QDragEnterEvent* event) {
    const QList<QUrl> urls = event->mimeData()->urls();
    if (urls.size() == 1 && urls.first().isLocalFile()) event->acceptProposedAction();
}

void ConnectionsPage::dropEvent(QDropEvent* event) {
    event->acceptProposedAction();
    m_presenter.import(event->mimeData()->urls().first().toLocalFile());
}

}  // namespace ifrit::gui::pages
