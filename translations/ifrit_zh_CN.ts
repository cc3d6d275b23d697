<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN" sourcelanguage="en">
<context>
    <name>ifrit::gui::app::GoToDialog</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Go to anything</source>
        <translation>快速跳转</translation>
    </message>
    <message>
        <source>A view, a uuid, a release, an agent, a verb…</source>
        <translation>视图、uuid、发布、Agent、操作……</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Nothing is called that</source>
        <translation>没有匹配的结果</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::KeyMap</name>
    <message>
        <source>Go to anything</source>
        <translation>快速跳转</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>筛选</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>后退</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>前进</translation>
    </message>
    <message>
        <source>New release</source>
        <translation>新建发布</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Sort again</source>
        <translation>重新排序</translation>
    </message>
    <message>
        <source>What is painted, as a table</source>
        <translation>图形改为表格</translation>
    </message>
    <message>
        <source>Copy as ifritctl command</source>
        <translation>复制为 ifritctl 命令</translation>
    </message>
    <message>
        <source>Show or hide operations</source>
        <translation>显示或隐藏操作记录</translation>
    </message>
    <message>
        <source>Show or hide events</source>
        <translation>显示或隐藏事件</translation>
    </message>
    <message>
        <source>Theme, time zone, language, layout</source>
        <translation>主题、时区、语言、布局</translation>
    </message>
    <message>
        <source>This table</source>
        <translation>本表</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>打开</translation>
    </message>
    <message>
        <source>Space</source>
        <comment>the key</comment>
        <translation>空格</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>详情</translation>
    </message>
    <message>
        <source>Copy the chosen rows</source>
        <translation>复制选中的行</translation>
    </message>
    <message>
        <source>Leave filter, selection, page</source>
        <translation>依次退出筛选、选择、页面</translation>
    </message>
    <message>
        <source>There is no such command.</source>
        <translation>没有这个命令。</translation>
    </message>
    <message>
        <source>%1 is what every field and table uses.</source>
        <translation>%1 由输入框和表格使用。</translation>
    </message>
    <message>
        <source>%1 is already the key of: %2</source>
        <translation>%1 已用于：%2</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Export the table or the picture</source>
        <translation>导出表格或图片</translation>
    </message>
    <message>
        <source>Hash ring, on the map</source>
        <translation>哈希环（地图上）</translation>
    </message>
    <message>
        <source>Undo, while a note offers it</source>
        <translation>撤销（提示条提供撤销时）</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Cluster map</source>
        <translation>集群地图</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Packages</source>
        <translation>安装包</translation>
    </message>
    <message>
        <source>Releases</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Campaigns</source>
        <translation>跨集群发布</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Versions over time, on the map</source>
        <translation>版本变化曲线（在地图上）</translation>
    </message>
    <message>
        <source>Machines that failed or reverted only, on the map</source>
        <translation>地图上只看失败或回退的机器</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::KeyTable</name>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Local time</source>
        <translation>本地时间</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::LinkOpener</name>
    <message>
        <source>No master of the cluster %1 is known here. Import its bundle file first.</source>
        <translation>这里没有集群 %1 的 master。先导入它的接入文件。</translation>
    </message>
    <message>
        <source>The link&apos;s certificate cannot be read.</source>
        <translation>链接中的证书无法读取。</translation>
    </message>
    <message>
        <source>Add the cluster %1?</source>
        <translation>添加集群 %1？</translation>
    </message>
    <message>
        <source>A link asks for it. Go on only where you expect it, and compare the fingerprint with the one that the cluster&apos;s administrator tells you: whoever holds this certificate&apos;s key can pretend to be the master.</source>
        <translation>这是一个链接的要求。只有在意料之中时才继续，并与集群管理员告知的指纹核对：持有此证书密钥的人可以冒充 master。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>CA</source>
        <translation>CA</translation>
    </message>
    <message>
        <source>Fingerprint (SHA-256)</source>
        <translation>指纹（SHA-256）</translation>
    </message>
    <message>
        <source>Valid until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>%1 was added. Sign in with your password.</source>
        <translation>已添加 %1。用密码登录即可。</translation>
    </message>
    <message>
        <source>There is no machine %1 in the cluster %2.</source>
        <translation>集群 %2 中没有机器 %1。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::LogDock</name>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Float</source>
        <translation>浮动</translation>
    </message>
    <message>
        <source>%1 kept; at most %2, then the oldest are dropped</source>
        <translation>保留 %1 条；最多 %2 条，超出时丢弃最旧的</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::MainWindow</name>
    <message>
        <source>Save a diagnostics file</source>
        <translation>保存诊断文件</translation>
    </message>
    <message>
        <source>Text (*.txt)</source>
        <translation>文本 (*.txt)</translation>
    </message>
    <message>
        <source>Saved: %1</source>
        <translation>已保存：%1</translation>
    </message>
    <message>
        <source>%1 cannot be written: %2</source>
        <translation>%1 无法写入：%2</translation>
    </message>
    <message>
        <source>What was open was about %1, which this window has left: it was closed, and nothing was sent.</source>
        <translation>打开着的对话框针对的是 %1，而此窗口已离开该集群：对话框已关闭，没有发送任何操作。</translation>
    </message>
    <message>
        <source>The bundle of %1 has changed: the line was opened again with it.</source>
        <translation>%1 的接入文件已更新：已用它重新建立连接。</translation>
    </message>
    <message>
        <source>%1 is not on the list any more.</source>
        <translation>%1 已不在列表中。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::Notifier</name>
    <message>
        <source>%1.</source>
        <comment>ends a sentence</comment>
        <translation>%1。</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <comment>a cluster, and what happened there</comment>
        <translation>%1：%2。</translation>
    </message>
    <message>
        <source>This is what the newest notification was about: the desktop does not tell which one was clicked. Events has them all.</source>
        <translation>打开的是最新一条通知所说的内容：桌面环境不会告知点击的是哪一条。全部通知见“事件”。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::SettingsPage</name>
    <message>
        <source>Key</source>
        <translation>按键</translation>
    </message>
    <message>
        <source>What it does</source>
        <translation>作用</translation>
    </message>
    <message>
        <source>always so</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>What is chosen here holds at once, on this machine.</source>
        <translation>此处的选择立即生效，仅限本机。</translation>
    </message>
    <message>
        <source>Look</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>主题</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>跟随系统</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Local time</source>
        <translation>本地时间</translation>
    </message>
    <message>
        <source>Reset the layout</source>
        <translation>重置布局</translation>
    </message>
    <message>
        <source>Start and notices</source>
        <translation>启动与通知</translation>
    </message>
    <message>
        <source>Begin where the last session ended</source>
        <translation>从上次结束的位置开始</translation>
    </message>
    <message>
        <source>New connections are read-only</source>
        <translation>新连接默认只读</translation>
    </message>
    <message>
        <source>Tell when a gate waits or trips, or a release ends</source>
        <translation>门禁等待或熔断、发布结束时通知</translation>
    </message>
    <message>
        <source>A diagnostics file holds versions, settings, the last calls and the end of the log, without secrets. Nothing is sent anywhere.</source>
        <translation>诊断文件包含版本、设置、最近的调用和日志末尾，不含机密。不会发送到任何地方。</translation>
    </message>
    <message>
        <source>Save a diagnostics file…</source>
        <translation>保存诊断文件…</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>New key</source>
        <translation>新按键</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>设定</translation>
    </message>
    <message>
        <source>No key</source>
        <translation>不用按键</translation>
    </message>
    <message>
        <source>Reset all</source>
        <translation>全部重置</translation>
    </message>
    <message>
        <source>Choose a key in the table first.</source>
        <translation>先在表中选择一个快捷键。</translation>
    </message>
    <message>
        <source>This key is the same for everybody.</source>
        <translation>此按键固定不变。</translation>
    </message>
    <message>
        <source>Press the keys</source>
        <translation>按下快捷键</translation>
    </message>
    <message>
        <source>Set by</source>
        <translation>设置者</translation>
    </message>
    <message>
        <source>you</source>
        <translation>自己</translation>
    </message>
    <message>
        <source>default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>For this run alone, as the program was started.</source>
        <translation>按启动程序时的指定，仅在本次运行中有效。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::TableCommands</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::WindowCommands</name>
    <message>
        <source>ifritctl has no command for this page.</source>
        <translation>ifritctl 没有与本页对应的命令。</translation>
    </message>
    <message>
        <source>Copied: %1</source>
        <translation>已复制：%1</translation>
    </message>
    <message>
        <source>New release…</source>
        <translation>新建发布…</translation>
    </message>
    <message>
        <source>Freeze the cluster…</source>
        <translation>冻结集群…</translation>
    </message>
    <message>
        <source>Unfreeze the cluster…</source>
        <translation>解冻集群…</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>刷新</translation>
    </message>
    <message>
        <source>Export the table</source>
        <translation>导出表格</translation>
    </message>
    <message>
        <source>Copy as ifritctl command</source>
        <translation>复制为 ifritctl 命令</translation>
    </message>
    <message>
        <source>Operations</source>
        <translation>操作记录</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>快捷键</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Save a diagnostics file…</source>
        <translation>保存诊断文件…</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::WindowDocks</name>
    <message>
        <source>Choose an operation that is running.</source>
        <translation>先选择一项正在进行的操作。</translation>
    </message>
    <message>
        <source>Stop waiting. What the master has begun may be done all the same.</source>
        <translation>不再等待。master 已开始的仍可能完成。</translation>
    </message>
    <message>
        <source>Operations</source>
        <translation>操作记录</translation>
    </message>
    <message>
        <source>Events</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>No call yet that changes something, or that takes over a second.</source>
        <translation>尚无会引起变更或耗时超过一秒的调用。</translation>
    </message>
    <message>
        <source>Nothing has happened since the window was opened or cleared.</source>
        <translation>自窗口打开或清空以来，尚无事件发生。</translation>
    </message>
    <message>
        <source>Filter by state, what was asked, cluster, request, answer…</source>
        <translation>按状态、请求内容、集群、请求号、应答等筛选…</translation>
    </message>
    <message>
        <source>Filter of the operations</source>
        <translation>操作的筛选条件</translation>
    </message>
    <message>
        <source>No operation matches the filter.</source>
        <translation>没有符合筛选条件的操作。</translation>
    </message>
    <message>
        <source>Filter by kind, what happened, cluster…</source>
        <translation>按类型、事件内容、集群等筛选…</translation>
    </message>
    <message>
        <source>Filter of the events</source>
        <translation>事件的筛选条件</translation>
    </message>
    <message>
        <source>No event matches the filter.</source>
        <translation>没有符合筛选条件的事件。</translation>
    </message>
    <message>
        <source>Empty the list</source>
        <translation>清空列表</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::app::WindowStatus</name>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>connected, %1 ms</source>
        <translation>已连接，%1 毫秒</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source> · read-only</source>
        <translation> · 只读</translation>
    </message>
    <message>
        <source>generation %1</source>
        <translation>代次 %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 台机器</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models</name>
    <message>
        <source>absent</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>parts of one sentence</comment>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>%1, or what an aborted release had left on a machine</source>
        <translation>%1；若有被中止的发布在机器上留下了别的版本，则回到那个版本</translation>
    </message>
    <message>
        <source>%1, or %2 where an aborted release had left that</source>
        <translation>%1；原由被中止的发布留在 %2 上的机器回到该版本</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::AgentReportModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行版本</translation>
    </message>
    <message>
        <source>Desired</source>
        <translation>期望版本</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自何时</translation>
    </message>
    <message>
        <source>Restarts</source>
        <translation>重启次数</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::AuditModel</name>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Verb</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Via</source>
        <translation>途径</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>审计编号</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>Request ID</source>
        <translation>请求 ID</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::CampaignModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Campaign</source>
        <translation>跨集群发布</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>创建人</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::CampaignWords</name>
    <message>
        <source>complete</source>
        <translation>全部完成</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>已停住</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>out of sight</source>
        <translation>无法查看</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>may start</source>
        <translation>可以启动</translation>
    </message>
    <message>
        <source>draft, may start</source>
        <translation>草稿，可以启动</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>halted</source>
        <translation>已熔断</translation>
    </message>
    <message>
        <source>rolling back</source>
        <translation>回滚中</translation>
    </message>
    <message>
        <source>done, must stand</source>
        <translation>已完成，观察中</translation>
    </message>
    <message>
        <source>done, unproved</source>
        <translation>已完成，无机器验证</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>已验证</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>withdrawn</source>
        <translation>回执已撤回</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not imported</source>
        <translation>未导入</translation>
    </message>
    <message>
        <source>the campaign has to be carried to it</source>
        <translation>需要把跨集群发布带给它</translation>
    </message>
    <message>
        <source>a connection: add it under Connections</source>
        <translation>一个连接：在“连接”页添加</translation>
    </message>
    <message>
        <source>%1 was rolled back and withdrew its receipt</source>
        <translation>%1 已回滚并撤回了回执</translation>
    </message>
    <message>
        <source>the receipt of %1</source>
        <translation>%1 的回执</translation>
    </message>
    <message>
        <source>a person who starts it</source>
        <translation>由人启动</translation>
    </message>
    <message>
        <source>its receipt, once it stood for %1</source>
        <translation>稳定 %1 后的回执</translation>
    </message>
    <message>
        <source>no machine runs the version: start it again</source>
        <translation>没有机器运行该版本：重新启动</translation>
    </message>
    <message>
        <source>its release did not come to its end: start it again, or abort</source>
        <translation>它的发布没有走完：重新启动，或中止</translation>
    </message>
    <message>
        <source>it was rolled back after its receipt was made</source>
        <translation>出具回执之后又被回滚</translation>
    </message>
    <message>
        <source>the campaign has expired: make a new one</source>
        <translation>跨集群发布已过期：新建一个</translation>
    </message>
    <message>
        <source>absent</source>
        <translation>不安装</translation>
    </message>
    <message>
        <source>not answered yet</source>
        <translation>尚未应答</translation>
    </message>
    <message>
        <source>its answer</source>
        <translation>它的应答</translation>
    </message>
    <message>
        <source>verified, %1</source>
        <comment>a time</comment>
        <translation>已验证，%1</translation>
    </message>
    <message>
        <source>withdrawn, %1</source>
        <comment>a time</comment>
        <translation>已撤回，%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::CertificateModel</name>
    <message>
        <source>revoked</source>
        <translation>已吊销</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>ends soon</source>
        <translation>即将到期</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Issued</source>
        <translation>签发时间</translation>
    </message>
    <message>
        <source>Serial</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>吊销时间</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::ChartTableModel</name>
    <message>
        <source>Series</source>
        <translation>序列</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>样本</translation>
    </message>
    <message>
        <source>Least</source>
        <translation>最小</translation>
    </message>
    <message>
        <source>Median</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>95 of 100 below</source>
        <translation>95 分位</translation>
    </message>
    <message>
        <source>Most</source>
        <translation>最大</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::ClusterPlace</name>
    <message>
        <source>PRODUCTION</source>
        <translation>生产</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>development</source>
        <translation>开发</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::ExplainModel</name>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>级别</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自何时</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>依据</translation>
    </message>
    <message>
        <source>chosen</source>
        <translation>采用</translation>
    </message>
    <message>
        <source>older</source>
        <translation>较旧</translation>
    </message>
    <message>
        <source>lower level</source>
        <translation>级别较低</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Key</source>
        <translation>键</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::FailureModel</name>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>no reason reported</source>
        <translation>未上报原因</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>First</source>
        <translation>首次发生</translation>
    </message>
    <message>
        <source>Example</source>
        <translation>示例</translation>
    </message>
    <message>
        <source>What it said</source>
        <translation>上报内容</translation>
    </message>
    <message>
        <source>from %1</source>
        <comment>a version</comment>
        <translation>原版本 %1</translation>
    </message>
    <message>
        <source>batch %1</source>
        <translation>第 %1 批</translation>
    </message>
    <message>
        <source>pin %1</source>
        <translation>账号 %1</translation>
    </message>
    <message>
        <source>label %1</source>
        <translation>标签 %1</translation>
    </message>
    <message>
        <source>What they share</source>
        <translation>共同点</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::GoToWords</name>
    <message>
        <source>view</source>
        <translation>视图</translation>
    </message>
    <message>
        <source>do</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>release</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>package</source>
        <translation>安装包</translation>
    </message>
    <message>
        <source>connection</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>campaign</source>
        <translation>跨集群发布</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::GrantModel</name>
    <message>
        <source>Permission</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>every permission</source>
        <translation>全部权限</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>every agent</source>
        <translation>全部 Agent</translation>
    </message>
    <message>
        <source>Machine type</source>
        <translation>机器类型</translation>
    </message>
    <message>
        <source>every type</source>
        <translation>全部类型</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>By</source>
        <translation>授权人</translation>
    </message>
    <message>
        <source>configuration</source>
        <translation>配置文件</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>every cluster</source>
        <translation>所有集群</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>for another cluster</source>
        <translation>属于其他集群</translation>
    </message>
    <message>
        <source>in force</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::IfritLinks</name>
    <message>
        <source>The link names no place.</source>
        <translation>链接没有指明位置。</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is no number of a release.</source>
        <translation>“%1”不是发布编号。</translation>
    </message>
    <message>
        <source>The link has to name %1 once.</source>
        <translation>链接必须且只能有一个 %1。</translation>
    </message>
    <message>
        <source>The link has parts that are not known.</source>
        <translation>链接含有未知部分。</translation>
    </message>
    <message>
        <source>The link&apos;s certificate cannot be read.</source>
        <translation>链接中的证书无法读取。</translation>
    </message>
    <message>
        <source>The link is too long.</source>
        <translation>链接过长。</translation>
    </message>
    <message>
        <source>This is no ifrit:// link.</source>
        <translation>这不是 ifrit:// 链接。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::MachineEventModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::MachineTableModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>uuid</source>
        <translation>uuid</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最近联系</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>CPU</source>
        <translation>CPU</translation>
    </message>
    <message>
        <source>RSS</source>
        <translation>RSS</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>标签</translation>
    </message>
    <message>
        <source>no contact since %1</source>
        <translation>自 %1 起无联系</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::ManifestChangeModel</name>
    <message>
        <source>file added</source>
        <translation>新增文件</translation>
    </message>
    <message>
        <source>added</source>
        <translation>新增</translation>
    </message>
    <message>
        <source>file removed</source>
        <translation>删除文件</translation>
    </message>
    <message>
        <source>removed</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>file changed</source>
        <translation>修改文件</translation>
    </message>
    <message>
        <source>changed</source>
        <translation>修改</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>变更</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>之后</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::MapGroupModel</name>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>观察中</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>No agent yet</source>
        <translation>尚无 Agent</translation>
    </message>
    <message>
        <source>By colour</source>
        <translation>按颜色</translation>
    </message>
    <message>
        <source>Failed or reverted</source>
        <translation>失败或回退</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::OwnWords</name>
    <message>
        <source>the connection to %1 is read-only; allow changes in its settings first</source>
        <translation>到 %1 的连接是只读的，请先在连接设置中允许变更。</translation>
    </message>
    <message>
        <source>the master at %1 did not answer within %2 s</source>
        <translation>%1 上的 master 在 %2 秒内没有应答。</translation>
    </message>
    <message>
        <source>the master at %1 did not show a certificate that the bundle&apos;s CA signed for this address, or it has expired</source>
        <translation>%1 上的 master 出示的证书不是接入文件的 CA 为该地址签发的，或已过期。</translation>
    </message>
    <message>
        <source>no TLS connection to %1: %2</source>
        <translation>无法与 %1 建立 TLS 连接：%2</translation>
    </message>
    <message>
        <source>the master at %1 cannot be reached: %2</source>
        <translation>无法连接 %1 上的 master：%2</translation>
    </message>
    <message>
        <source>the connection has no master&apos;s address; import a bundle</source>
        <translation>连接没有 master 地址，请导入接入文件。</translation>
    </message>
    <message>
        <source>the master at %1 was silent for too long</source>
        <translation>%1 上的 master 长时间没有消息。</translation>
    </message>
    <message>
        <source>the master at %1 ended the stream</source>
        <translation>%1 上的 master 结束了数据流。</translation>
    </message>
    <message>
        <source>the master&apos;s machine stream is malformed: column %1 has %2 values for %3 rows</source>
        <translation>master 的机器数据流格式有误：列 %1 有 %2 个值，应有 %3 行。</translation>
    </message>
    <message>
        <source>&apos;%1&apos; became shorter while it was read</source>
        <translation>读取过程中“%1”变短了。</translation>
    </message>
    <message>
        <source>the package file became shorter while it was read</source>
        <translation>读取过程中安装包文件变短了。</translation>
    </message>
    <message>
        <source>the bundle&apos;s certificate is not known here or has expired; sign in again or import a new bundle</source>
        <translation>接入文件中的证书在此不被认可或已过期，请重新登录或导入新的接入文件。</translation>
    </message>
    <message>
        <source>a super admin of the cluster can grant it</source>
        <translation>集群的超级管理员可以授权。</translation>
    </message>
    <message>
        <source>this is not an ifrit master, or one of another version</source>
        <translation>对方不是 ifrit master，或版本不同。</translation>
    </message>
    <message>
        <source>look at the master&apos;s log</source>
        <translation>请查看 master 的日志。</translation>
    </message>
    <message>
        <source>the master answers but does not serve yet</source>
        <translation>master 有应答，但尚未开始服务。</translation>
    </message>
    <message>
        <source>this master serves the cluster &apos;%1&apos;, the bundle is of &apos;%2&apos;</source>
        <translation>该 master 服务的集群是“%1”，而接入文件属于“%2”。</translation>
    </message>
    <message>
        <source>check the address in the bundle</source>
        <translation>请检查接入文件中的地址。</translation>
    </message>
    <message>
        <source>the name &apos;%1&apos; has no address: %2</source>
        <translation>域名“%1”解析不到地址：%2</translation>
    </message>
    <message>
        <source>check the spelling, the resolver and the VPN</source>
        <translation>请检查拼写、DNS 与 VPN。</translation>
    </message>
    <message>
        <source>no TCP connection to %1: %2</source>
        <translation>无法与 %1 建立 TCP 连接：%2</translation>
    </message>
    <message>
        <source>check that the master runs, that the port is right, and the firewall</source>
        <translation>请检查 master 是否在运行、端口是否正确，以及防火墙。</translation>
    </message>
    <message>
        <source>import the bundle again</source>
        <translation>请重新导入接入文件。</translation>
    </message>
    <message>
        <source>the bundle&apos;s ca_pem holds no certificate</source>
        <translation>接入文件的 ca_pem 中没有证书。</translation>
    </message>
    <message>
        <source>the bundle&apos;s client certificate and key do not fit together: %1</source>
        <translation>接入文件中的客户端证书与私钥不匹配：%1</translation>
    </message>
    <message>
        <source>TLS handshake with %1 failed: %2</source>
        <translation>与 %1 的 TLS 握手失败：%2</translation>
    </message>
    <message>
        <source>TLS handshake with %1: no answer</source>
        <translation>与 %1 进行 TLS 握手时没有应答。</translation>
    </message>
    <message>
        <source>is this the master&apos;s port? Other servers speak TLS too</source>
        <translation>这是 master 的端口吗？其他服务也可能使用 TLS。</translation>
    </message>
    <message>
        <source>the certificate of %1 is not trusted: %2</source>
        <translation>%1 的证书不受信任：%2</translation>
    </message>
    <message>
        <source>renew the master&apos;s certificate; check this machine&apos;s clock too</source>
        <translation>请更新 master 的证书，并检查本机时钟。</translation>
    </message>
    <message>
        <source>use an address that the certificate names, or reissue it with this one</source>
        <translation>请使用证书中列出的地址，或为该地址重新签发证书。</translation>
    </message>
    <message>
        <source>the bundle is of another cluster, or somebody is in between</source>
        <translation>接入文件属于其他集群，或连接被中间人截取。</translation>
    </message>
    <message>
        <source>bundle file &apos;%1&apos;: %2</source>
        <translation>接入文件“%1”：%2</translation>
    </message>
    <message>
        <source>&apos;%1&apos; is over 1 MiB: this is not an admin bundle</source>
        <translation>“%1”超过 1 MiB，不是管理员接入文件。</translation>
    </message>
    <message>
        <source>The filter is longer than 4096 bytes.</source>
        <translation>筛选条件超过 4096 字节。</translation>
    </message>
    <message>
        <source>There is no key &quot;%1&quot;. Keys are %2.</source>
        <translation>没有键“%1”，可用的键有 %2。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; needs a value behind it.</source>
        <translation>“%1”后面需要一个值。</translation>
    </message>
    <message>
        <source>&apos;&lt;&apos; and &apos;&gt;&apos; go with version, batch and seen; use &apos;:&apos; here.</source>
        <translation>“&lt;”和“&gt;”只用于 version、batch 和 seen，此处请用“:”。</translation>
    </message>
    <message>
        <source>A value is missing beside the comma.</source>
        <translation>逗号旁缺少一个值。</translation>
    </message>
    <message>
        <source>A regular expression is written /like this/.</source>
        <translation>正则表达式写作 /这样/。</translation>
    </message>
    <message>
        <source>Not a regular expression: %1.</source>
        <translation>不是正则表达式：%1。</translation>
    </message>
    <message>
        <source>Write label:key=value or label:key.</source>
        <translation>请写成 label:key=value 或 label:key。</translation>
    </message>
    <message>
        <source>Write a number, or a range such as 3..4.</source>
        <translation>请写一个数字，或 3..4 这样的范围。</translation>
    </message>
    <message>
        <source>Write seen&gt;5m or seen&lt;30s, with s, m, h or d.</source>
        <translation>请写成 seen&gt;5m 或 seen&lt;30s，单位为 s、m、h 或 d。</translation>
    </message>
    <message>
        <source>connected to %1</source>
        <translation>已连接到 %1</translation>
    </message>
    <message>
        <source>%1, certificate valid until %2</source>
        <translation>%1，证书有效期至 %2</translation>
    </message>
    <message>
        <source>serving</source>
        <translation>服务中</translation>
    </message>
    <message>
        <source>cluster %1 (%2), master %3, %4 machines</source>
        <translation>集群 %1（%2），master %3，%4 台机器</translation>
    </message>
    <message>
        <source>may read; a super admin can grant more</source>
        <translation>可读；更多权限可由超级管理员授予</translation>
    </message>
    <message>
        <source>may %1</source>
        <translation>可执行 %1</translation>
    </message>
    <message>
        <source>%1 (%2) by %3</source>
        <translation>%1（%2），凭%3</translation>
    </message>
    <message>
        <source>waits to be started</source>
        <translation>等待启动</translation>
    </message>
    <message>
        <source>paused; waits for resume, abort or rollback</source>
        <translation>已暂停，等待恢复、中止或回滚</translation>
    </message>
    <message>
        <source>halted; waits for retry-failed, resume, abort or rollback</source>
        <translation>已熔断，等待重试失败、恢复、中止或回滚</translation>
    </message>
    <message>
        <source>waits for machines to run what they ran before</source>
        <translation>等待机器恢复到之前的版本</translation>
    </message>
    <message>
        <source>waits for an operator to verify</source>
        <translation>等待操作人验证</translation>
    </message>
    <message>
        <source>%1 is over; waits for an operator to promote</source>
        <translation>%1已结束，等待操作人推进</translation>
    </message>
    <message>
        <source>no machine of the %1 stage is reachable</source>
        <translation>%1阶段没有可达的机器</translation>
    </message>
    <message>
        <source>gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>pilot</source>
        <translation>小流量</translation>
    </message>
    <message>
        <source>batch %1</source>
        <translation>第 %1 批</translation>
    </message>
    <message>
        <source>full</source>
        <translation>全量</translation>
    </message>
    <message>
        <source>created</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>started</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>resumed</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>verified</source>
        <translation>验证通过</translation>
    </message>
    <message>
        <source>promoted</source>
        <translation>推进</translation>
    </message>
    <message>
        <source>retried</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>halted</source>
        <translation>熔断</translation>
    </message>
    <message>
        <source>rolling back</source>
        <translation>开始回滚</translation>
    </message>
    <message>
        <source>rolled back</source>
        <translation>回滚完成</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>%1 opened</source>
        <translation>%1开启</translation>
    </message>
    <message>
        <source>%1 machines</source>
        <translation>%1 台机器</translation>
    </message>
    <message>
        <source>soak over, gate passed</source>
        <translation>观察期结束，门禁通过</translation>
    </message>
    <message>
        <source>every reachable machine has its outcome</source>
        <translation>所有可达的机器都有了结果</translation>
    </message>
    <message>
        <source>adopted</source>
        <translation>接管</translation>
    </message>
    <message>
        <source>crashed</source>
        <translation>崩溃</translation>
    </message>
    <message>
        <source>crash-loop</source>
        <translation>反复崩溃</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>identity-changed</source>
        <translation>身份变更</translation>
    </message>
    <message>
        <source>identity-moved</source>
        <translation>身份迁移</translation>
    </message>
    <message>
        <source>installed</source>
        <translation>安装完成</translation>
    </message>
    <message>
        <source>killed</source>
        <translation>强制终止</translation>
    </message>
    <message>
        <source>record-failed</source>
        <translation>记录失败</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>修复完成</translation>
    </message>
    <message>
        <source>restarted</source>
        <translation>重启</translation>
    </message>
    <message>
        <source>reverted</source>
        <translation>回退</translation>
    </message>
    <message>
        <source>start-failed</source>
        <translation>启动失败</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>停止</translation>
    </message>
    <message>
        <source>stray-killed</source>
        <translation>清除残留进程</translation>
    </message>
    <message>
        <source>stray-stopped</source>
        <translation>停止残留进程</translation>
    </message>
    <message>
        <source>unhealthy</source>
        <translation>不健康</translation>
    </message>
    <message>
        <source>uninstalled</source>
        <translation>卸载完成</translation>
    </message>
    <message>
        <source>reader</source>
        <translation>只读用户</translation>
    </message>
    <message>
        <source>certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>development</source>
        <translation>开发</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>production</source>
        <translation>生产</translation>
    </message>
    <message>
        <source>%1 failed, %2 reverted, %3 silent of %4 in the %5 stage; the gate lets at most %6 through</source>
        <translation>%5阶段 %4 台机器中：失败 %1，回退 %2，失联 %3；门禁最多容许 %6 台</translation>
    </message>
    <message>
        <source>%1 %2 of %3 in the %4 stage; the gate lets at most %5 through</source>
        <translation>%4阶段 %3 台机器中：%2 %1；门禁最多容许 %5 台</translation>
    </message>
    <message>
        <source>cost: %1 of %2 machines of %3 rose from %4 to %5 %6 in the median (p = %7, Mann-Whitney)</source>
        <translation>成本：%3的 %2 台机器，%1中位数从 %4 升至 %5 %6（p = %7，Mann-Whitney）</translation>
    </message>
    <message>
        <source>the %1 stage</source>
        <translation>%1阶段</translation>
    </message>
    <message>
        <source>the open stages</source>
        <translation>已开启阶段</translation>
    </message>
    <message>
        <source>integrity</source>
        <translation>完整性</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>% of a core</source>
        <translation>% 单核</translation>
    </message>
    <message>
        <source>watching %1</source>
        <translation>正在观察 %1</translation>
    </message>
    <message>
        <source>uninstalling</source>
        <translation>正在卸载</translation>
    </message>
    <message>
        <source>putting the previous version back</source>
        <translation>正在换回之前的版本</translation>
    </message>
    <message>
        <source>switching to %1</source>
        <translation>正在切换到 %1</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>正在启动</translation>
    </message>
    <message>
        <source>crash loop</source>
        <translation>反复崩溃</translation>
    </message>
    <message>
        <source>waiting for its first probe</source>
        <translation>等待首次探测</translation>
    </message>
    <message>
        <source>%1 failed here and is not tried again until it is cleared</source>
        <translation>%1 在此失败过，清除之前不再重试</translation>
    </message>
    <message>
        <source>%1 failed, waiting to try again</source>
        <translation>%1失败，等待重试</translation>
    </message>
    <message>
        <source>waiting to try again</source>
        <translation>等待重试</translation>
    </message>
    <message>
        <source>fetching the manifest</source>
        <translation>正在获取清单</translation>
    </message>
    <message>
        <source>preflight</source>
        <translation>预检</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>downloading %1 %</source>
        <translation>下载中 %1 %</translation>
    </message>
    <message>
        <source>verifying and unpacking</source>
        <translation>正在校验并解包</translation>
    </message>
    <message>
        <source>asking for a permit</source>
        <translation>正在申请许可</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>waiting until ifrit-agent has proved itself</source>
        <translation>等待 ifrit-agent 通过观察</translation>
    </message>
    <message>
        <source>repairing files</source>
        <translation>正在修复文件</translation>
    </message>
    <message>
        <source>%1: half or more of the stage</source>
        <translation>%1；已达该阶段的一半或更多</translation>
    </message>
    <message>
        <source>%1 failed, %2 reverted, %3 silent of %4 in the %5 stage</source>
        <translation>%5阶段 %4 台机器中：失败 %1，回退 %2，失联 %3</translation>
    </message>
    <message>
        <source>timed-out</source>
        <translation>超时</translation>
    </message>
    <message>
        <source>crash-looping</source>
        <translation>反复崩溃</translation>
    </message>
    <message>
        <source>you cancelled it; the master may have done it all the same</source>
        <translation>已取消等待；master 可能仍已执行</translation>
    </message>
    <message>
        <source>nobody waits for the answer; the master may have done it</source>
        <translation>无人再等待应答；master 可能已经执行</translation>
    </message>
    <message>
        <source>not signed by a master: %1</source>
        <translation>不是由 master 签名的：%1</translation>
    </message>
    <message>
        <source>the signature of master %1 does not match: what it signed was changed</source>
        <translation>master %1 的签名不符：其签名的内容已被更改</translation>
    </message>
    <message>
        <source>the kept heads in %1 cannot be used: %2; put the file back from a backup of your own, or move it away and begin anew</source>
        <translation>%1 中保存的链头无法使用：%2；从自己的备份中放回该文件，或将其移走后重新开始</translation>
    </message>
    <message>
        <source>cannot write &apos;%1&apos;: %2</source>
        <translation>无法写入“%1”：%2</translation>
    </message>
    <message>
        <source>may %1 and %2 more</source>
        <translation>可执行 %1 等，另有 %2 项</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>upgraded</source>
        <translation>升级</translation>
    </message>
    <message>
        <source>probation-ended</source>
        <translation>观察期提前结束</translation>
    </message>
    <message>
        <source>history removed</source>
        <translation>已清除历史明细</translation>
    </message>
    <message>
        <source>generation-backwards</source>
        <translation>世代倒退</translation>
    </message>
    <message>
        <source>hook-failed</source>
        <translation>钩子失败</translation>
    </message>
    <message>
        <source>not-probed</source>
        <translation>未能探测</translation>
    </message>
    <message>
        <source>probe-refused</source>
        <translation>拒绝探测</translation>
    </message>
    <message>
        <source>start-waits</source>
        <translation>等待启动</translation>
    </message>
    <message>
        <source>approved</source>
        <translation>已批准</translation>
    </message>
    <message>
        <source>approval ended</source>
        <translation>批准失效</translation>
    </message>
    <message>
        <source>held</source>
        <translation>暂缓变更</translation>
    </message>
    <message>
        <source>goes on</source>
        <translation>继续推进</translation>
    </message>
    <message>
        <source>machines may change again</source>
        <translation>机器可以继续变更</translation>
    </message>
    <message>
        <source>the plan that %1 approved no longer holds</source>
        <translation>%1 批准的计划已不再有效</translation>
    </message>
    <message>
        <source>waits for the approval of a second person, other than %1</source>
        <translation>等待除 %1 以外的第二人批准</translation>
    </message>
    <message>
        <source>approved by %1; waits to be started</source>
        <translation>已由 %1 批准；等待启动</translation>
    </message>
    <message>
        <source>%1 froze the cluster: %2; nothing changes until it is unfrozen</source>
        <translation>%1 冻结了集群：%2；解冻之前不做任何变更</translation>
    </message>
    <message>
        <source>outside of the windows for changes, which open %1</source>
        <translation>当前不在变更窗口内，窗口将于 %1 开启</translation>
    </message>
    <message>
        <source>outside of the windows for changes, and none opens within 400 days</source>
        <translation>当前不在变更窗口内，且 400 天内没有窗口开启</translation>
    </message>
    <message>
        <source>%1 machines: %2</source>
        <translation>%1 台机器：%2</translation>
    </message>
    <message>
        <source>every reachable machine runs what it ran before</source>
        <translation>所有可达的机器都已恢复运行之前的版本</translation>
    </message>
    <message>
        <source>%1 machines had not gone back by the deadline</source>
        <translation>截至期限仍有 %1 台机器未恢复</translation>
    </message>
    <message>
        <source>a stage was open for 90 days</source>
        <translation>某个阶段已开启 90 天</translation>
    </message>
    <message>
        <source>nothing was allowed to change for 30 days</source>
        <translation>已有 30 天不允许任何变更</translation>
    </message>
    <message>
        <source>nobody let it go on within 7 days</source>
        <translation>7 天内无人让其继续</translation>
    </message>
    <message>
        <source>the draft was not started within 30 days</source>
        <translation>草稿在 30 天内未被启动</translation>
    </message>
    <message>
        <source>nobody decided within 7 days</source>
        <translation>7 天内无人作出决定</translation>
    </message>
    <message>
        <source>integrity-notices-lost</source>
        <translation>丢失完整性通知</translation>
    </message>
    <message>
        <source>integrity-recurring</source>
        <translation>文件反复被改动</translation>
    </message>
    <message>
        <source>integrity-watch-limited</source>
        <translation>完整性监视受限</translation>
    </message>
    <message>
        <source>journal-damaged</source>
        <translation>状态日志损坏</translation>
    </message>
    <message>
        <source>limits-watched</source>
        <translation>改由轮询监视限额</translation>
    </message>
    <message>
        <source>repair-failed</source>
        <translation>修复失败</translation>
    </message>
    <message>
        <source>tasks-refused</source>
        <translation>拒绝创建进程或线程</translation>
    </message>
    <message>
        <source>throttled</source>
        <translation>CPU 受限</translation>
    </message>
    <message>
        <source>not-reported</source>
        <translation>未上报</translation>
    </message>
    <message>
        <source>taking over</source>
        <translation>正在接管</translation>
    </message>
    <message>
        <source>starting, after this failed: %1</source>
        <translation>正在启动，上次失败的原因：%1</translation>
    </message>
    <message>
        <source>crash loop: %1</source>
        <translation>反复崩溃：%1</translation>
    </message>
    <message>
        <source>release %1 of %2 for the same machine types is %3; one at a time: let it end, abort or roll it back</source>
        <translation>%2 面向相同机器类型的发布 %1 处于 %3；一次只能有一个：请等它结束、将它中止或回滚</translation>
    </message>
    <message>
        <source>machine %1 of the gray list is gone</source>
        <translation>灰度名单中的机器 %1 已不存在</translation>
    </message>
    <message>
        <source>it runs this version already</source>
        <translation>已在运行该版本</translation>
    </message>
    <message>
        <source>this version failed there before; clear it to try again</source>
        <translation>该版本曾在该机器上失败；清除后可重试</translation>
    </message>
    <message>
        <source>it is not reachable now</source>
        <translation>当前无法连接</translation>
    </message>
    <message>
        <source>needs kernel %1 or newer, this machine has %2</source>
        <translation>需要内核 %1 或更新版本，该机器为 %2</translation>
    </message>
    <message>
        <source>needs glibc %1 or newer, this machine has %2</source>
        <translation>需要 glibc %1 或更新版本，该机器为 %2</translation>
    </message>
    <message>
        <source>cannot be installed beside %1, whose package names it a conflict; uninstall that first</source>
        <translation>不能与 %1 并存，其软件包声明了这一冲突；请先将其卸载</translation>
    </message>
    <message>
        <source>cannot be installed beside %1; uninstall that first</source>
        <translation>不能与 %1 并存；请先将其卸载</translation>
    </message>
    <message>
        <source>%1 %2 has index %3; a later package, which ran here, withdraws all below %4. Release a newer one; if the publisher wants this back, it must be signed again with a higher index</source>
        <translation>%1 %2 的序号为 %3；曾在此运行的较新软件包撤回了 %4 以下的所有版本。请发布更新的版本；若发布者要恢复它，须以更高的序号重新签名</translation>
    </message>
    <message>
        <source>%1 %2 is for %3, this machine is %4</source>
        <translation>%1 %2 适用于 %3，该机器为 %4</translation>
    </message>
    <message>
        <source>the release is rolling back; that ends by itself</source>
        <translation>发布正在回滚，会自行结束</translation>
    </message>
    <message>
        <source>the release is a draft; there is nothing to roll back</source>
        <translation>发布还是草稿，没有可回滚的内容</translation>
    </message>
    <message>
        <source>the release is rolling back already</source>
        <translation>发布已在回滚</translation>
    </message>
    <message>
        <source>the release was rolled back already</source>
        <translation>发布已经回滚</translation>
    </message>
    <message>
        <source>the draft was never started; there is nothing to roll back</source>
        <translation>草稿从未启动，没有可回滚的内容</translation>
    </message>
    <message>
        <source>the release is %1; %2</source>
        <translation>发布处于 %1；%2</translation>
    </message>
    <message>
        <source>full is the last stage; there is nothing to verify</source>
        <translation>全量是最后一个阶段，无需验证</translation>
    </message>
    <message>
        <source>batches are not verified; they go on by themselves or by promote</source>
        <translation>分批阶段无需验证，会自动继续或通过推进继续</translation>
    </message>
    <message>
        <source>no machine of the %1 stage came out well; promote goes on regardless</source>
        <translation>%1阶段没有成功的机器；推进会不顾此继续</translation>
    </message>
    <message>
        <source>full is the last stage; there is no next one</source>
        <translation>全量是最后一个阶段，没有下一个阶段</translation>
    </message>
    <message>
        <source>no machine failed, reverted or went silent</source>
        <translation>没有失败、回退或失联的机器</translation>
    </message>
    <message>
        <source>only a draft can be started</source>
        <translation>只有草稿可以启动</translation>
    </message>
    <message>
        <source>only a running release can be verified</source>
        <translation>只有进行中的发布可以验证</translation>
    </message>
    <message>
        <source>only a running release can be promoted</source>
        <translation>只有进行中的发布可以推进</translation>
    </message>
    <message>
        <source>machines are tried again only while a release runs</source>
        <translation>只有在发布进行期间才会重试机器</translation>
    </message>
    <message>
        <source>it has ended</source>
        <translation>它已结束</translation>
    </message>
    <message>
        <source>only a running release can be paused</source>
        <translation>只有进行中的发布可以暂停</translation>
    </message>
    <message>
        <source>only a paused or halted release can be resumed</source>
        <translation>只有已暂停或已熔断的发布可以恢复</translation>
    </message>
    <message>
        <source>only a draft is approved</source>
        <translation>只有草稿可以批准</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>There is no state &quot;%1&quot;. States are %2.</source>
        <translation>没有状态“%1”，可用的状态有 %2。</translation>
    </message>
    <message>
        <source>A draft of the release wizard that was not started.</source>
        <translation>发布向导中未启动的草稿。</translation>
    </message>
    <message>
        <source>Undo of: %1</source>
        <translation>撤销操作：%1</translation>
    </message>
    <message>
        <source>pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>downloading %1</source>
        <translation>正在下载 %1</translation>
    </message>
    <message>
        <source>%1 machines enrolled in %2 s</source>
        <translation>%1 台机器已注册，用时 %2 秒</translation>
    </message>
    <message>
        <source>cluster in %1</source>
        <translation>集群目录：%1</translation>
    </message>
    <message>
        <source>published %1</source>
        <translation>已发布 %1</translation>
    </message>
    <message>
        <source>%1 everywhere in %2 s</source>
        <translation>%1 已覆盖全部机器，用时 %2 秒</translation>
    </message>
    <message>
        <source>the release waits in its second batch for promote</source>
        <translation>发布停在第二批，等待推进</translation>
    </message>
    <message>
        <source>data-owner</source>
        <translation>数据目录归属</translation>
    </message>
    <message>
        <source>failed: %1</source>
        <translation>失败：%1</translation>
    </message>
    <message>
        <source>release %1 moved these machines since; roll that one back first, or release the wanted version</source>
        <translation>发布 %1 之后又变更了这些机器；请先回滚那一次，或发布所需的版本</translation>
    </message>
    <message>
        <source>what each machine of release %1 did is not kept any more; its counts, plan, timeline and audit are. To go back, release the version that is wanted</source>
        <translation>发布 %1 中每台机器的记录已不再保留；计数、计划、时间线和审计仍在。要退回，请发布所需的版本</translation>
    </message>
    <message>
        <source>%1 is not an ifrit package: %2 is cut off</source>
        <translation>%1 不是 ifrit 安装包：%2 不完整</translation>
    </message>
    <message>
        <source>%1 is not an ifrit package: %2</source>
        <translation>%1 不是 ifrit 安装包：%2</translation>
    </message>
    <message>
        <source>%1: the archive has %2 bytes, the manifest says %3</source>
        <translation>%1：归档为 %2 字节，清单中为 %3</translation>
    </message>
    <message>
        <source>%1: the archive&apos;s SHA-256 is not the signed one</source>
        <translation>%1：归档的 SHA-256 与签名不符</translation>
    </message>
    <message>
        <source>none of the masters could be reached within %1 s, and nothing was asked of them: %2</source>
        <translation>%1 秒内未能连接到任何 master，也没有向它们发出请求：%2</translation>
    </message>
    <message>
        <source>from %1; %2</source>
        <translation>原版本 %1；%2</translation>
    </message>
    <message>
        <source>from %1</source>
        <translation>原版本 %1</translation>
    </message>
    <message>
        <source>cluster %1 (%2), master %3, %4 machine</source>
        <translation>集群 %1（%2），master %3，%4 台机器</translation>
    </message>
    <message>
        <source>waits for a new approval: the plan that %1 approved no longer holds</source>
        <translation>等待重新批准：%1 批准的计划已不再有效</translation>
    </message>
    <message>
        <source>the stage after %1 opens in %2</source>
        <translation>%1之后的阶段将在 %2后开启</translation>
    </message>
    <message>
        <source>waits for %1 of %2 of the %3 stage</source>
        <translation>%3阶段的 %2中还有 %1 台未出结果</translation>
    </message>
    <message>
        <source>waits for %1 of %2</source>
        <translation>%2中还有 %1 台未出结果</translation>
    </message>
    <message>
        <source>soaks for another %1</source>
        <translation>观察期还剩 %1</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 h %2 min</source>
        <translation>%1 小时 %2 分钟</translation>
    </message>
    <message>
        <source>%1 min %2 s</source>
        <translation>%1 分 %2 秒</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 machine</source>
        <translation>%1 台机器</translation>
    </message>
    <message>
        <source>%1 machine: %2</source>
        <translation>%1 台机器：%2</translation>
    </message>
    <message>
        <source>%1 machine had not gone back by the deadline</source>
        <translation>截至期限仍有 %1 台机器未恢复</translation>
    </message>
    <message>
        <source>soak over; a person let what had halted it pass</source>
        <translation>观察期已过；曾使其熔断的情况已由人工放行</translation>
    </message>
    <message>
        <source>downgraded</source>
        <translation>降级</translation>
    </message>
    <message>
        <source>release %1 of %2 for the same machine types is rolling back; one at a time: let that end</source>
        <translation>%2 面向相同机器类型的发布 %1 正在回滚；一次只能有一个：请等它结束</translation>
    </message>
    <message>
        <source>release %1 needs the approval of a second person: any super admin but %2, who made it, or whom release.approve was granted</source>
        <translation>发布 %1 须由第二人批准：除创建者 %2 以外的任一超级管理员，或获授 release.approve 者</translation>
    </message>
    <message>
        <source>%1 approved plan %2 of release %3, which no longer holds; look at the plan that holds now and have it approved again, by any super admin but %4, or whom release.approve was granted</source>
        <translation>%1 批准的是发布 %3 的计划 %2，它已不再有效；请查看当前计划并重新批准：由除 %4 以外的任一超级管理员，或获授 release.approve 者</translation>
    </message>
    <message>
        <source>release %1 moved these machines since, and does not go back either; release the wanted version</source>
        <translation>此后发布 %1 又改动了这些机器，而它也无法回滚；请发布所需的版本</translation>
    </message>
    <message>
        <source>the release is rolling back; %1</source>
        <translation>发布正在回滚；%1</translation>
    </message>
    <message>
        <source>the release is rolled back; %1</source>
        <translation>发布已回滚；%1</translation>
    </message>
    <message>
        <source>rolling_back</source>
        <translation>回滚中</translation>
    </message>
    <message>
        <source>rolled_back</source>
        <translation>已回滚</translation>
    </message>
    <message>
        <source>clock set</source>
        <translation>时钟被调整</translation>
    </message>
    <message>
        <source>the clock of the master that leads went ahead by %1, and no deadline counts that</source>
        <translation>主导 master 的时钟向前跳了 %1，各项期限均不计入</translation>
    </message>
    <message>
        <source>the clock of the master that leads went back by %1, and no deadline counts that</source>
        <translation>主导 master 的时钟向后跳了 %1，各项期限均不计入</translation>
    </message>
    <message>
        <source>nothing may change %1, and a release that may change nothing for %2 days is aborted: start it later, or give it other windows</source>
        <translation>%1不允许任何变更，而 %2 天内不能变更的发布会被中止：稍后再启动，或改用其他窗口</translation>
    </message>
    <message>
        <source>each machine downloads at most %1: up to %2, and its deadline is %3: machines will time out</source>
        <translation>每台机器的下载速率最多 %1：最长需 %2，而时限为 %3，机器会超时</translation>
    </message>
    <message>
        <source>each machine downloads at most %1: up to %2</source>
        <translation>每台机器的下载速率最多 %1：最长需 %2</translation>
    </message>
    <message>
        <source>a machine has to stay well for %1 after a download of up to %2, and its deadline is %3: machines will time out</source>
        <translation>每台机器最长下载 %2 之后，还须保持正常 %1，而时限为 %3，机器会超时</translation>
    </message>
    <message>
        <source>a machine has to stay well for %1, and its deadline is %2: machines will time out</source>
        <translation>每台机器须保持正常 %1，而时限为 %2，机器会超时</translation>
    </message>
    <message>
        <source>%1 may change in %2 in this cluster, and %3 did: %4 more take at least %5</source>
        <translation>该集群在 %2 内最多变更 %1，已变更 %3：再变更 %4 至少需要 %5</translation>
    </message>
    <message>
        <source>%1 may change in %2 in this cluster, and %3 did: %4 more takes at least %5</source>
        <translation>该集群在 %2 内最多变更 %1，已变更 %3：再变更 %4 至少需要 %5</translation>
    </message>
    <message>
        <source>nothing changes before %1, when the windows open</source>
        <translation>%1 窗口开启之前不会有变更</translation>
    </message>
    <message>
        <source>the windows close %1, before it can be done; it goes on when they open</source>
        <translation>窗口在 %1 关闭，届时还做不完；窗口再次开启后继续</translation>
    </message>
    <message>
        <source>the windows do not open long enough for it within 400 days</source>
        <translation>400 天内窗口开启的时间不足以完成</translation>
    </message>
    <message>
        <source>before %1</source>
        <translation>%1 之前</translation>
    </message>
    <message>
        <source>for a year</source>
        <translation>一年内</translation>
    </message>
    <message>
        <source>ask a super admin of the cluster; to sign in again does not help</source>
        <translation>联系该集群的超级管理员；重新登录没有用。</translation>
    </message>
    <message>
        <source>%1 is disabled; a super admin can enable the account again</source>
        <translation>%1 已停用；超级管理员可以重新启用该账户。</translation>
    </message>
    <message>
        <source>Look-ahead and look-behind are not taken: write a second term, with &apos;-&apos; for what must not be.</source>
        <translation>不支持前瞻和后顾断言：请另写一个条件，不要的内容前加“-”。</translation>
    </message>
    <message>
        <source>A pattern cannot refer back to its own groups.</source>
        <translation>正则表达式不能反向引用自身的分组。</translation>
    </message>
    <message>
        <source>The filter&apos;s regular expressions are too large: repeat less often, or write them shorter.</source>
        <translation>筛选条件中的正则表达式过大：请减少重复次数，或写得更短。</translation>
    </message>
    <message>
        <source>agents-left-out</source>
        <translation>agent 未全部保留</translation>
    </message>
    <message>
        <source>events-left-out</source>
        <translation>事件未全部保留</translation>
    </message>
    <message>
        <source>it has %1 agents, and %2 would be one more, of which no master hears; uninstall another one there first</source>
        <translation>它已有 %1 个 agent，再加 %2 就多出一个，master 不会收到它的消息；请先在该机器上卸载另一个</translation>
    </message>
    <message>
        <source>its own order of batches names %1, and the ring has %2 since: make a new draft with an order of those, or without one</source>
        <translation>它自定的批次顺序列有 %1 个批次，而哈希环现在有 %2 个：请新建草稿，按现有批次指定顺序，或不指定</translation>
    </message>
    <message>
        <source>stood still</source>
        <translation>曾停顿</translation>
    </message>
    <message>
        <source>no master turned this release for %1, and no deadline or soak counts that</source>
        <translation>有 %1 没有 master 推进此发布，各项期限和观察时间均不计入</translation>
    </message>
    <message>
        <source>machines that go back to an older version: %1. What a machine ran right before is still on its disk, anything older is downloaded again; the plan&apos;s bytes are the most that it can be</source>
        <translation>退回更早版本的机器：%1。机器之前运行的那个版本仍在磁盘上，更早的需重新下载；计划中的下载量是最多可能的量</translation>
    </message>
    <message>
        <source>answers the master</source>
        <translation>可以应答 master</translation>
    </message>
    <message>
        <source>there is no operator &apos;%1&apos; in this cluster</source>
        <translation>本集群没有用户“%1”</translation>
    </message>
    <message>
        <source>%1 is disabled</source>
        <translation>%1 已停用</translation>
    </message>
    <message>
        <source>%1 is a super admin</source>
        <translation>%1 是超级管理员</translation>
    </message>
    <message>
        <source>%1 is super admins&apos; alone, and %2 is a reader</source>
        <translation>%1 仅限超级管理员，而 %2 是只读用户</translation>
    </message>
    <message>
        <source>no grant gives %1 %2</source>
        <translation>没有授权把 %2 给 %1</translation>
    </message>
    <message>
        <source>%1 is granted %2 by %3</source>
        <translation>%1 拥有 %2，来源：%3</translation>
    </message>
    <message>
        <source>%1 of the whole cluster</source>
        <translation>整个集群的 %1</translation>
    </message>
    <message>
        <source>%1 of %2 on %3</source>
        <translation>%1（%2，%3）</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1、%2</translation>
    </message>
    <message>
        <source>every agent</source>
        <translation>全部 Agent</translation>
    </message>
    <message>
        <source>agent %1</source>
        <translation>Agent %1</translation>
    </message>
    <message>
        <source>every machine type</source>
        <translation>全部机器类型</translation>
    </message>
    <message>
        <source>grant %1</source>
        <translation>授权 %1</translation>
    </message>
    <message>
        <source>the master&apos;s configuration</source>
        <translation>master 的配置</translation>
    </message>
    <message>
        <source>row %1 is missing: after %2 comes %3</source>
        <translation>缺少第 %1 条记录：%2 之后是 %3</translation>
    </message>
    <message>
        <source>row %1 does not follow row %2: one of them was replaced</source>
        <translation>第 %1 条记录接不上第 %2 条，其中一条被替换过</translation>
    </message>
    <message>
        <source>row %1 was changed after it was written</source>
        <translation>第 %1 条记录写入后被改动过</translation>
    </message>
    <message>
        <source>row %1 is missing at the end</source>
        <translation>末尾缺少第 %1 条记录</translation>
    </message>
    <message>
        <source>rows %1 to %2 are missing at the end</source>
        <translation>末尾缺少第 %1 到第 %2 条记录</translation>
    </message>
    <message>
        <source>the newest row is %1, but the audit wrote %2 last with another hash</source>
        <translation>最新一条记录是 %1，但审计最后写入的是 %2，且哈希不同</translation>
    </message>
    <message>
        <source>when it halted: %1</source>
        <translation>熔断时：%1</translation>
    </message>
    <message>
        <source>super admin</source>
        <translation>超级管理员</translation>
    </message>
    <message>
        <source>%1 lacks the permission %2 in cluster %3; %4</source>
        <translation>%1 在集群 %3 中缺少权限“%2”；%4</translation>
    </message>
    <message>
        <source>ask a super admin to grant it</source>
        <translation>可由超级管理员授予</translation>
    </message>
    <message>
        <source>super admins can grant it: %1 and others</source>
        <translation>可由超级管理员授予：%1 等</translation>
    </message>
    <message>
        <source>super admins can grant it: %1</source>
        <translation>可由超级管理员授予：%1</translation>
    </message>
    <message>
        <source>in probation held at its CPU limit in %1 of %2 looks</source>
        <translation>观察期内 %2 次检查中有 %1 次受 CPU 上限限制</translation>
    </message>
    <message>
        <source>in probation refused more processes and threads than its limit</source>
        <translation>观察期内进程和线程数达到上限，无法再增加</translation>
    </message>
    <message>
        <source>is not healthy in probation</source>
        <translation>观察期内不健康</translation>
    </message>
    <message>
        <source>did not become healthy in its probation</source>
        <translation>观察期内始终未变健康</translation>
    </message>
    <message>
        <source>in probation %1</source>
        <translation>观察期内%1</translation>
    </message>
    <message>
        <source>could not be started: %1</source>
        <translation>无法启动：%1</translation>
    </message>
    <message>
        <source>could not be judged: %1</source>
        <translation>无法判断：%1</translation>
    </message>
    <message>
        <source>nothing is known of it</source>
        <translation>没有任何信息</translation>
    </message>
    <message>
        <source>waits for the end of what is left of an earlier run</source>
        <translation>等待先前运行的残余进程结束</translation>
    </message>
    <message>
        <source>waits for the end of what is left of it</source>
        <translation>等待残余进程结束</translation>
    </message>
    <message>
        <source>waits for the account of its user, %1</source>
        <translation>等待其运行用户 %1 的账户</translation>
    </message>
    <message>
        <source>waits until this machine can start it: %1</source>
        <translation>等待本机可以启动它：%1</translation>
    </message>
    <message>
        <source>runs, but crashed repeatedly: %1</source>
        <translation>在运行，但反复崩溃：%1</translation>
    </message>
    <message>
        <source>crashed %1 times in a short time, last: %2</source>
        <translation>短时间内崩溃 %1 次，最近一次：%2</translation>
    </message>
    <message>
        <source>it came over its memory limit of %1: %2</source>
        <translation>内存超过上限 %1：%2</translation>
    </message>
    <message>
        <source>it uses %1 of memory, its limit is %2: %3</source>
        <translation>占用内存 %1，上限 %2：%3</translation>
    </message>
    <message>
        <source>it has %1 processes and threads, its limit is %2: %3</source>
        <translation>有 %1 个进程和线程，上限 %2：%3</translation>
    </message>
    <message>
        <source>it uses %1 % of a core, its limit is %2 %: %3</source>
        <translation>占用一个核的 %1 %，上限 %2 %：%3</translation>
    </message>
    <message>
        <source>exited with code %1</source>
        <translation>退出，退出码 %1</translation>
    </message>
    <message>
        <source>killed by signal %1 (%2)</source>
        <translation>被信号 %1（%2）终止</translation>
    </message>
    <message>
        <source>killed by signal %1</source>
        <translation>被信号 %1 终止</translation>
    </message>
    <message>
        <source>ended (it was started by an earlier ifrit-agent, so its exit code is not known)</source>
        <translation>结束（由先前的 ifrit-agent 启动，退出码未知）</translation>
    </message>
    <message>
        <source>ended</source>
        <translation>结束</translation>
    </message>
    <message>
        <source>%1 in probation</source>
        <translation>观察期内：%1</translation>
    </message>
    <message>
        <source>%1; its last output: %2</source>
        <comment>why a program ended, and what it wrote last</comment>
        <translation>%1；最后输出：%2</translation>
    </message>
    <message>
        <source>it is for operators</source>
        <translation>仅限用户</translation>
    </message>
    <message>
        <source>it is for super admins alone</source>
        <translation>仅限超级管理员</translation>
    </message>
    <message>
        <source>the permission %1 is missing; %2</source>
        <translation>缺少权限“%1”；%2</translation>
    </message>
    <message>
        <source>%1 may not %2: %3</source>
        <translation>%1 不能%2：%3</translation>
    </message>
    <message>
        <source>do %1</source>
        <translation>执行 %1</translation>
    </message>
    <message>
        <source>call %1</source>
        <translation>调用 %1</translation>
    </message>
    <message>
        <source>the %1 stage has no machine; waits for an operator to promote</source>
        <translation>%1阶段没有机器，等待操作人推进</translation>
    </message>
    <message>
        <source>the gray stage has no machine: none of the release&apos;s types has such a uuid, pin or labels, and nothing is tried before the next stage</source>
        <translation>灰度阶段没有机器：所发布类型的机器都没有这样的 uuid、账号或标签，下一阶段之前不会在任何机器上试用</translation>
    </message>
    <message>
        <source>the master at %1 could not be reached within %2 s, and nothing was asked of it</source>
        <translation>%2 秒内无法连接 %1 上的 master，没有向它发出任何请求。</translation>
    </message>
    <message>
        <source>the CA of the bundle of %1 is no certificate; import the bundle again</source>
        <translation>%1 的接入文件中的 CA 不是证书；请重新导入接入文件。</translation>
    </message>
    <message>
        <source>certificate and key of the bundle of %1 do not fit together; import the bundle again</source>
        <translation>%1 的接入文件中的证书与私钥不匹配；请重新导入接入文件。</translation>
    </message>
    <message>
        <source>The range %1 is of no batch: write %2..%3.</source>
        <translation>范围 %1 不含任何批次：请写 %2..%3。</translation>
    </message>
    <message>
        <source>the release is a draft; %1</source>
        <translation>发布还是草稿；%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::PackageModel</name>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Running on</source>
        <translation>运行机器</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Digest</source>
        <translation>摘要</translation>
    </message>
    <message>
        <source>Signed by</source>
        <translation>签名密钥</translation>
    </message>
    <message>
        <source>Published</source>
        <translation>上传时间</translation>
    </message>
    <message>
        <source>By</source>
        <translation>上传者</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::PackageReleaseModel</name>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::PlanObjectionModel</name>
    <message>
        <source>What</source>
        <translation>类别</translation>
    </message>
    <message>
        <source>conflict</source>
        <translation>冲突</translation>
    </message>
    <message>
        <source>left out</source>
        <translation>未纳入</translation>
    </message>
    <message>
        <source>Machine</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>说明</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::PlanStageModel</name>
    <message>
        <source>%1 %2</source>
        <comment>machines of a type</comment>
        <translation>%1 台 %2</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <comment>a version on so many machines</comment>
        <translation>%1：%2 台</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>预计用时</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>By type</source>
        <translation>按类型</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>将变更</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载量</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::ReleaseMachineModel</name>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>uuid</source>
        <translation>uuid</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>From</source>
        <translation>原版本</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行版本</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>自何时</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Late</source>
        <translation>迟到</translation>
    </message>
    <message>
        <source>late</source>
        <translation>迟到</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::ReleaseModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Types</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Converged</source>
        <translation>已收敛</translation>
    </message>
    <message>
        <source>By</source>
        <translation>创建者</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>异常</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::RingBatchModel</name>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>占比</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Virtual nodes</source>
        <translation>虚拟节点</translation>
    </message>
    <message>
        <source>Bad</source>
        <translation>异常</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::SeatModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>No.</source>
        <translation>序号</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Release</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Receipt before it</source>
        <translation>前一集群的回执</translation>
    </message>
    <message>
        <source>needs none</source>
        <translation>不需要</translation>
    </message>
    <message>
        <source>Its own receipt</source>
        <translation>自己的回执</translation>
    </message>
    <message>
        <source>Waits for</source>
        <translation>等待</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::StageModel</name>
    <message>
        <source>Stage</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Ok</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>Offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Opened</source>
        <translation>开启时间</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>关闭时间</translation>
    </message>
    <message>
        <source>Reverted</source>
        <translation>已回退</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::StateShareModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Of all</source>
        <translation>占比</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::StatusWords</name>
    <message>
        <source>scheduled</source>
        <translation>待执行</translation>
    </message>
    <message>
        <source>waiting for permit</source>
        <translation>等待许可</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>verifying</source>
        <translation>校验中</translation>
    </message>
    <message>
        <source>installing</source>
        <translation>安装中</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>观察中</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>already</source>
        <translation>无需变更</translation>
    </message>
    <message>
        <source>degraded</source>
        <translation>亚健康</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>reverted</source>
        <translation>已回退</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>not applicable</source>
        <translation>不适用</translation>
    </message>
    <message>
        <source>unmanaged</source>
        <translation>未纳管</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>intact</source>
        <translation>完好</translation>
    </message>
    <message>
        <source>repaired</source>
        <translation>已修复</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>已损坏</translation>
    </message>
    <message>
        <source>not checked yet</source>
        <translation>尚未检查</translation>
    </message>
    <message>
        <source>draft</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>halted</source>
        <translation>已熔断</translation>
    </message>
    <message>
        <source>rolling back</source>
        <translation>回滚中</translation>
    </message>
    <message>
        <source>rolled back</source>
        <translation>已回滚</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>offline</source>
        <translation>离线</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Pilot</source>
        <translation>小流量</translation>
    </message>
    <message>
        <source>Batch %1</source>
        <translation>第 %1 批</translation>
    </message>
    <message>
        <source>Full</source>
        <translation>全量</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>验证</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>Promote</source>
        <translation>推进</translation>
    </message>
    <message>
        <source>Promote all</source>
        <translation>全部推进</translation>
    </message>
    <message>
        <source>Retry failed</source>
        <translation>重试失败</translation>
    </message>
    <message>
        <source>Abort</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>Roll back</source>
        <translation>回滚</translation>
    </message>
    <message>
        <source>gray</source>
        <comment>level of a desired entry</comment>
        <translation>灰度</translation>
    </message>
    <message>
        <source>hash</source>
        <comment>level of a desired entry</comment>
        <translation>分批</translation>
    </message>
    <message>
        <source>full</source>
        <comment>level of a desired entry</comment>
        <translation>全量</translation>
    </message>
    <message>
        <source>install</source>
        <translation>安装</translation>
    </message>
    <message>
        <source>uninstall</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>uninstall, data too</source>
        <translation>卸载并删除数据</translation>
    </message>
    <message>
        <source>super admin</source>
        <translation>超级管理员</translation>
    </message>
    <message>
        <source>reader</source>
        <translation>只读用户</translation>
    </message>
    <message>
        <source>certificate</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Approve</source>
        <translation>批准</translation>
    </message>
    <message>
        <source>discarded</source>
        <comment>a draft</comment>
        <translation>已丢弃</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::TimeText</name>
    <message>
        <source>d MMM HH:mm</source>
        <translation>M月d日 HH:mm</translation>
    </message>
    <message>
        <source>d MMM yyyy HH:mm</source>
        <translation>yyyy年M月d日 HH:mm</translation>
    </message>
    <message>
        <source>%1 d %2 h</source>
        <translation>%1 天 %2 小时</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>%1 d</source>
        <translation>%1 天</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 小时</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分钟</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 µs</source>
        <translation>%1 微秒</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::TimelineModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>What</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>说明</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::TokenModel</name>
    <message>
        <source>Label</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>a login</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始于</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Id</source>
        <translation>编号</translation>
    </message>
    <message>
        <source>%1, of this window</source>
        <translation>%1（本窗口）</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::UserModel</name>
    <message>
        <source>disabled</source>
        <translation>已停用</translation>
    </message>
    <message>
        <source>enabled</source>
        <translation>已启用</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Grants</source>
        <translation>授权</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>变更于</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::models::VersionSpreadModel</name>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>Stay</source>
        <translation>保持</translation>
    </message>
    <message>
        <source>To come</source>
        <translation>待安装</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::AbortSheet</name>
    <message>
        <source>Roll its releases back, too</source>
        <translation>同时回滚其中的发布</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::AccessPage</name>
    <message>
        <source>users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Add user…</source>
        <translation>添加用户…</translation>
    </message>
    <message>
        <source>New password…</source>
        <translation>重置密码…</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Grant…</source>
        <translation>授权…</translation>
    </message>
    <message>
        <source>Take away…</source>
        <translation>收回…</translation>
    </message>
    <message>
        <source>Grants</source>
        <translation>授权</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>May they?</source>
        <translation>权限查询</translation>
    </message>
    <message>
        <source>Users</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Make reader…</source>
        <translation>改为只读用户…</translation>
    </message>
    <message>
        <source>Make super admin…</source>
        <translation>设为超级管理员…</translation>
    </message>
    <message>
        <source>Enable…</source>
        <translation>启用…</translation>
    </message>
    <message>
        <source>Disable…</source>
        <translation>停用…</translation>
    </message>
    <message>
        <source>Nothing is granted beside what the role may.</source>
        <translation>除角色自带的权限外，没有授权。</translation>
    </message>
    <message>
        <source>Filter by name, state or role</source>
        <translation>按名称、状态或角色筛选</translation>
    </message>
    <message>
        <source>Filter of the users</source>
        <translation>用户的筛选条件</translation>
    </message>
    <message>
        <source>Filter by permission, agent, type, reason…</source>
        <translation>按权限、Agent、类型、原因等筛选…</translation>
    </message>
    <message>
        <source>Filter of the grants</source>
        <translation>授权的筛选条件</translation>
    </message>
    <message>
        <source>No user matches the filter.</source>
        <translation>没有符合筛选条件的用户。</translation>
    </message>
    <message>
        <source>No grant of this user matches the filter.</source>
        <translation>该用户没有符合筛选条件的授权。</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Choose a user in the list: what they may do, and their grants, tokens and certificates, are shown here.</source>
        <translation>在列表中选择一个用户，此处显示其权限、授权、令牌和证书。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::AddAddressDialog</name>
    <message>
        <source>Add a master by its address</source>
        <translation>按地址添加 master</translation>
    </message>
    <message>
        <source>Ask the server</source>
        <translation>询问服务端</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>production</source>
        <translation>生产</translation>
    </message>
    <message>
        <source>test</source>
        <translation>测试</translation>
    </message>
    <message>
        <source>development</source>
        <translation>开发</translation>
    </message>
    <message>
        <source>host:port, as m1.example:7443</source>
        <translation>host:port，如 m1.example:7443</translation>
    </message>
    <message>
        <source>ca.pem; empty: the server is asked for it</source>
        <translation>ca.pem；留空则向服务端索取</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>CA file</source>
        <translation>CA 文件</translation>
    </message>
    <message>
        <source>Server shows</source>
        <translation>服务端出示</translation>
    </message>
    <message>
        <source>Fingerprint</source>
        <translation>指纹</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>The cluster&apos;s CA certificate</source>
        <translation>集群的 CA 证书</translation>
    </message>
    <message>
        <source>Certificates (*.pem *.crt);;All files (*)</source>
        <translation>证书 (*.pem *.crt);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Fingerprint that the server shows: %1</source>
        <translation>服务端出示的指纹：%1</translation>
    </message>
    <message>
        <source>Whoever stands between could show another CA. Ask the cluster&apos;s administrator for the SHA-256 fingerprint of ca.pem, which the master&apos;s own machine prints with &quot;openssl x509 -in ca.pem -noout -fingerprint -sha256&quot;, and type or paste that one below.</source>
        <translation>中间人可能出示另一个 CA。请向集群管理员索取 ca.pem 的 SHA-256 指纹（在 master 本机上用 &quot;openssl x509 -in ca.pem -noout -fingerprint -sha256&quot; 读取），并将其填写或粘贴到下方。</translation>
    </message>
    <message>
        <source>Add and connect</source>
        <translation>添加并连接</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::AuditPage</name>
    <message>
        <source>audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Verify chain</source>
        <translation>校验审计链</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Load more</source>
        <translation>加载更多</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>Verb, for example release.start</source>
        <translation>操作，例如 release.start</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>every result</source>
        <translation>全部结果</translation>
    </message>
    <message>
        <source>allowed</source>
        <translation>允许</translation>
    </message>
    <message>
        <source>denied</source>
        <translation>拒绝</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Result</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>Audit rows</source>
        <translation>审计记录</translation>
    </message>
    <message>
        <source>No row chosen</source>
        <translation>未选择记录</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>结束时间</translation>
    </message>
    <message>
        <source>2026-01-31 or 2026-01-31 18:00: rows from then on</source>
        <translation>2026-01-31 或 2026-01-31 18:00：自该时刻起的记录</translation>
    </message>
    <message>
        <source>2026-01-31 or 2026-01-31 18:00: rows before then; a day is included</source>
        <translation>2026-01-31 或 2026-01-31 18:00：该时刻之前的记录；只写日期时包含当天</translation>
    </message>
    <message>
        <source>Write a time as 2026-01-31 or 2026-01-31 18:00. The table keeps the filter of before.</source>
        <translation>时间请写作 2026-01-31 或 2026-01-31 18:00。表格仍按之前的筛选条件显示。</translation>
    </message>
    <message>
        <source>Chosen row</source>
        <translation>所选行</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::CampaignsPage</name>
    <message>
        <source>Campaigns</source>
        <translation>跨集群发布</translation>
    </message>
    <message>
        <source>New campaign…</source>
        <translation>新建跨集群发布…</translation>
    </message>
    <message>
        <source>Start the next cluster…</source>
        <translation>启动下一个集群…</translation>
    </message>
    <message>
        <source>Abort…</source>
        <translation>中止…</translation>
    </message>
    <message>
        <source>Clusters of the campaign, in their order</source>
        <translation>跨集群发布的集群，按顺序</translation>
    </message>
    <message>
        <source>No campaign is chosen.</source>
        <translation>未选择跨集群发布。</translation>
    </message>
    <message>
        <source>Filter by name, agent, version, state, maker…</source>
        <translation>按名称、Agent、版本、状态、创建人等筛选…</translation>
    </message>
    <message>
        <source>Filter of the campaigns</source>
        <translation>跨集群发布的筛选条件</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::CertificatesTab</name>
    <message>
        <source>Filter by state, serial or reason</source>
        <translation>按状态、序列号或原因筛选</translation>
    </message>
    <message>
        <source>Filter of the certificates</source>
        <translation>证书的筛选条件</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>吊销…</translation>
    </message>
    <message>
        <source>Revoke all…</source>
        <translation>全部吊销…</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ChartPane</name>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Export the chart as a picture: %1</source>
        <translation>将图表导出为图片：%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::CheckTab</name>
    <message>
        <source>Ask the master</source>
        <translation>询问 master</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Choose a user to ask about.</source>
        <translation>先选择要查询的用户。</translation>
    </message>
    <message>
        <source>May %1 use this permission?</source>
        <translation>%1 是否拥有此权限？</translation>
    </message>
    <message>
        <source>Nobody is chosen.</source>
        <translation>未选择用户。</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Machine types</source>
        <translation>机器类型</translation>
    </message>
    <message>
        <source>every one</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>every one; or with commas: LINUX, ARM64</source>
        <translation>全部；或用逗号分隔：LINUX, ARM64</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ClusterOrder</name>
    <message>
        <source>Earlier</source>
        <translation>上移</translation>
    </message>
    <message>
        <source>Later</source>
        <translation>下移</translation>
    </message>
    <message>
        <source>Drag a cluster to its place, or move it with Alt and the arrow keys.</source>
        <translation>把集群拖到所需位置，或用 Alt 加方向键移动。</translation>
    </message>
    <message>
        <source>Clusters, in order</source>
        <translation>集群，按顺序</translation>
    </message>
    <message>
        <source>Move the cluster earlier</source>
        <translation>上移该集群</translation>
    </message>
    <message>
        <source>Move the cluster later</source>
        <translation>下移该集群</translation>
    </message>
    <message>
        <source>Choose a cluster in the list first.</source>
        <translation>请先在列表中选择一个集群。</translation>
    </message>
    <message>
        <source>It is the first already.</source>
        <translation>它已是第一个。</translation>
    </message>
    <message>
        <source>It is the last already.</source>
        <translation>它已是最后一个。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ConnectionsPage</name>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Import bundle file…</source>
        <translation>导入接入文件…</translation>
    </message>
    <message>
        <source>Test connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Forget</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Read-only: refuse every change on this connection</source>
        <translation>只读：拒绝此连接上的一切变更</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Disconnect</source>
        <translation>断开</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>%1 was forgotten. Undo</source>
        <translation>%1 已移除。撤销</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Line</source>
        <translation>线路</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Signed in as</source>
        <translation>登录身份</translation>
    </message>
    <message>
        <source>%1, %2, by %3</source>
        <translation>%1，%2，凭%3</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Not needed where the bundle holds a client certificate.</source>
        <translation>接入文件含客户端证书时无需登录。</translation>
    </message>
    <message>
        <source>Import a bundle file</source>
        <translation>导入接入文件</translation>
    </message>
    <message>
        <source>Bundles (*.toml *.bundle);;All files (*)</source>
        <translation>接入文件 (*.toml *.bundle);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Keep on the cluster map while another is open</source>
        <translation>打开其他集群时仍显示在集群地图上</translation>
    </message>
    <message>
        <source>Group, as &quot;Europe&quot;</source>
        <translation>分组，如“华东”</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>An ifrit:// link that adds this master elsewhere; it holds no secret</source>
        <translation>在别处添加此 master 的 ifrit:// 链接，不含机密</translation>
    </message>
    <message>
        <source>Start a demo cluster</source>
        <translation>启动演示集群</translation>
    </message>
    <message>
        <source>Stop the demo</source>
        <translation>停止演示</translation>
    </message>
    <message>
        <source>A master and 12 machines on this computer, with a release that moves</source>
        <translation>本机上的一个 master 和 12 台机器，带一次进行中的发布</translation>
    </message>
    <message>
        <source>Ends every process of the demo</source>
        <translation>结束演示的全部进程</translation>
    </message>
    <message>
        <source>Load of the masters</source>
        <translation>master 负载</translation>
    </message>
    <message>
        <source>Sign in to %1</source>
        <translation>登录 %1</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Server version</source>
        <translation>服务端版本</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
    <message>
        <source>Add by address…</source>
        <translation>按地址添加…</translation>
    </message>
    <message>
        <source>%1 was added. Sign in with your password.</source>
        <translation>已添加 %1，请使用密码登录。</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Ends the login at the master, and takes it off this computer</source>
        <translation>在 master 上结束登录，并从本机删除</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ExportDialog</name>
    <message>
        <source>Export %1</source>
        <translation>导出%1</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>行</translation>
    </message>
    <message>
        <source>Selected: %1</source>
        <translation>选中的：%1</translation>
    </message>
    <message>
        <source>What is shown, and what is not loaded yet</source>
        <translation>显示的，以及尚未加载的</translation>
    </message>
    <message>
        <source>What is shown: %1</source>
        <translation>显示的：%1</translation>
    </message>
    <message>
        <source>All, without the filter</source>
        <translation>全部，不按过滤条件</translation>
    </message>
    <message>
        <source>To</source>
        <translation>导出到</translation>
    </message>
    <message>
        <source>a file of comma-separated values</source>
        <translation>逗号分隔（CSV）文件</translation>
    </message>
    <message>
        <source>a file of JSON lines</source>
        <translation>JSON lines 文件</translation>
    </message>
    <message>
        <source>the clipboard, as comma-separated values</source>
        <translation>剪贴板，逗号分隔</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
    <message>
        <source>No row is selected.</source>
        <translation>没有选中任何行。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ExportJob</name>
    <message numerus="yes">
        <source>%1 row(s) are on the clipboard.</source>
        <translation>
            <numerusform>%1 行已复制到剪贴板。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s) were written to %2.</source>
        <translation>
            <numerusform>%1 行已写入 %2。</numerusform>
        </translation>
    </message>
    <message>
        <source>They are the selected ones of %1 that are shown.</source>
        <translation>它们是所显示的 %1 行中选中的行。</translation>
    </message>
    <message>
        <source>Nothing was exported: %1</source>
        <translation>未导出任何内容：%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::FreezeButton</name>
    <message>
        <source>Freeze…</source>
        <translation>冻结…</translation>
    </message>
    <message>
        <source>Unfreeze…</source>
        <translation>解冻…</translation>
    </message>
    <message>
        <source>Stop all change in this cluster at once</source>
        <translation>立即停止本集群的一切变更</translation>
    </message>
    <message>
        <source>Let machines of this cluster change again</source>
        <translation>允许本集群的机器再次变更</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::GrantDialog</name>
    <message>
        <source>Grant %1 something</source>
        <translation>给 %1 授权</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>every agent</source>
        <translation>全部 Agent</translation>
    </message>
    <message>
        <source>every type</source>
        <translation>全部类型</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>永久</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Machine type</source>
        <translation>机器类型</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>请选择…</translation>
    </message>
    <message>
        <source>every cluster</source>
        <translation>所有集群</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::LegendButton</name>
    <message>
        <source>Old: of before the contact was lost.</source>
        <translation>旧数据：失去联系之前的。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::LoadView</name>
    <message>
        <source>Connect to it to see how its masters bear their machines.</source>
        <translation>连接后可查看其 master 的负载。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MachineDetailView</name>
    <message>
        <source>Summary</source>
        <translation>概要</translation>
    </message>
    <message>
        <source>Explain</source>
        <translation>版本依据</translation>
    </message>
    <message>
        <source>Agents</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>日志</translation>
    </message>
    <message>
        <source>Try bad version again…</source>
        <translation>重试问题版本…</translation>
    </message>
    <message>
        <source>Copy as command</source>
        <translation>复制为命令</translation>
    </message>
    <message>
        <source>Why these versions</source>
        <translation>为何是这些版本</translation>
    </message>
    <message>
        <source>Agents of the machine</source>
        <translation>机器上的 Agent</translation>
    </message>
    <message>
        <source>What happened on the machine</source>
        <translation>机器上发生的事件</translation>
    </message>
    <message>
        <source>Details of the machine</source>
        <translation>机器详情</translation>
    </message>
    <message>
        <source>No machine chosen</source>
        <translation>未选择机器</translation>
    </message>
    <message>
        <source>Choose one in the table. Space hides this and brings it back.</source>
        <translation>请在表格中选择一台。按空格键可隐藏或恢复此处。</translation>
    </message>
    <message>
        <source>Usage</source>
        <translation>用量</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MachineLogView</name>
    <message>
        <source>Fetch log</source>
        <translation>获取日志</translation>
    </message>
    <message>
        <source>Agent whose log is shown</source>
        <translation>显示哪个 Agent 的日志</translation>
    </message>
    <message>
        <source>End of the agent&apos;s log</source>
        <translation>Agent 日志末尾</translation>
    </message>
    <message>
        <source>The end of the agent&apos;s log, fetched from the machine. Fetching it is written into the audit log.</source>
        <translation>从机器获取的 Agent 日志末尾。获取操作会记入审计。</translation>
    </message>
    <message>
        <source>The machine has no agent.</source>
        <translation>这台机器上没有 Agent。</translation>
    </message>
    <message>
        <source>Copy log command</source>
        <translation>复制日志命令</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MachinesPage</name>
    <message>
        <source>machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>state:failed  type:LINUX  pin:acme  agent:name  version&lt;4.2  batch:3  label:zone=b  -uuid:/^test/</source>
        <translation>state:failed  type:LINUX  pin:acme  agent:name  version&lt;4.2  batch:3  label:zone=b  -uuid:/^test/</translation>
    </message>
    <message>
        <source>Filter machines</source>
        <translation>筛选机器</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>order is out of date: sort again</source>
        <translation>顺序已过时：重新排序</translation>
    </message>
    <message>
        <source>Remove…</source>
        <translation>移除…</translation>
    </message>
    <message>
        <source>Take machines that are gone out of the cluster</source>
        <translation>将已不存在的机器移出集群</translation>
    </message>
    <message>
        <source>Terms are joined by and; - before one turns it round. Ctrl+Space shows what can be written at the cursor.</source>
        <translation>各条件须同时满足；条件前加 - 表示取反。按 Ctrl+空格 列出光标处可填写的内容。</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>吊销…</translation>
    </message>
    <message>
        <source>Take its certificates from a machine that was stolen or lost its key</source>
        <translation>吊销被盗或丢失密钥的机器的证书</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MapLegend</name>
    <message>
        <source>click to filter, double click for the list</source>
        <translation>单击筛选，双击打开列表</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MapPage</name>
    <message>
        <source>Cluster map</source>
        <translation>集群地图</translation>
    </message>
    <message>
        <source>group by</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>pin</source>
        <translation>账号</translation>
    </message>
    <message>
        <source>type</source>
        <translation>类型</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>不分组</translation>
    </message>
    <message>
        <source>Group machines by</source>
        <translation>机器分组方式</translation>
    </message>
    <message>
        <source>%1, versions</source>
        <translation>%1 版本</translation>
    </message>
    <message numerus="yes">
        <source>%1 open release(s)</source>
        <translation>
            <numerusform>%1 次发布未结束</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) · one cell each</source>
        <translation>
            <numerusform>%1 台机器 · 每格一台</numerusform>
        </translation>
    </message>
    <message>
        <source>colour by</source>
        <translation>着色</translation>
    </message>
    <message>
        <source>state</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>age</source>
        <translation>最近上报</translation>
    </message>
    <message>
        <source>Colour machines by</source>
        <translation>机器着色方式</translation>
    </message>
    <message>
        <source>Table</source>
        <translation>表格</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Export the map as a picture</source>
        <translation>将地图导出为图片</translation>
    </message>
    <message>
        <source>Groups of the map</source>
        <translation>地图分组</translation>
    </message>
    <message>
        <source>Hash ring</source>
        <translation>哈希环</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>label %1</source>
        <translation>标签 %1</translation>
    </message>
    <message>
        <source>Machines by state</source>
        <translation>按状态统计的机器</translation>
    </message>
    <message>
        <source>Old: no cluster answers.</source>
        <translation>旧数据：没有集群应答。</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 open release(s)</source>
        <translation>
            <numerusform>%1：%2 次发布未结束</numerusform>
        </translation>
    </message>
    <message>
        <source>Export as a picture…</source>
        <translation>导出为图片…</translation>
    </message>
    <message>
        <source>The hash ring is always by batch and state.</source>
        <translation>哈希环固定按批次和状态显示。</translation>
    </message>
    <message>
        <source>The lines are always of one agent&apos;s versions.</source>
        <translation>曲线固定按一个 Agent 的版本显示。</translation>
    </message>
    <message>
        <source>Failed or reverted only</source>
        <translation>只看失败或回退</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MasterList</name>
    <message>
        <source>Known masters</source>
        <translation>已知的 master</translation>
    </message>
    <message>
        <source>New group…</source>
        <translation>新建分组…</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Move to group</source>
        <translation>移到分组</translation>
    </message>
    <message>
        <source>Rename group…</source>
        <translation>重命名分组…</translation>
    </message>
    <message>
        <source>Take the group apart</source>
        <translation>解散分组</translation>
    </message>
    <message>
        <source>Masters</source>
        <translation>Master 数</translation>
    </message>
    <message>
        <source>%1 shown · %2 in all</source>
        <translation>显示 %1 · 共 %2</translation>
    </message>
    <message>
        <source>No master chosen</source>
        <translation>未选择 master</translation>
    </message>
    <message>
        <source>Filter by name, address or group</source>
        <translation>按名称、地址或分组筛选</translation>
    </message>
    <message>
        <source>Filter of the masters</source>
        <translation>master 的筛选条件</translation>
    </message>
    <message>
        <source>No master on the list matches the filter.</source>
        <translation>列表中没有符合筛选条件的 master。</translation>
    </message>
    <message numerus="yes">
        <source>%1 master(s) on the list</source>
        <translation>
            <numerusform>列表中 %1 个 master</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MasterModel</name>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>环境</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>访问</translation>
    </message>
    <message>
        <source>read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>full</source>
        <translation>完全</translation>
    </message>
    <message>
        <source>Bundle file</source>
        <translation>接入文件</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>User</source>
        <translation>用户</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务端</translation>
    </message>
    <message>
        <source>Latency</source>
        <translation>延迟</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MasterTreeModel</name>
    <message>
        <source>No group</source>
        <translation>未分组</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::MoreRows</name>
    <message>
        <source>Load more</source>
        <translation>加载更多</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewCampaignDialog</name>
    <message>
        <source>Make the campaign</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>New campaign</source>
        <translation>新建跨集群发布</translation>
    </message>
    <message>
        <source>From release</source>
        <translation>来自发布</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Clusters, in order</source>
        <translation>集群，按顺序</translation>
    </message>
    <message>
        <source> min</source>
        <translation> 分钟</translation>
    </message>
    <message>
        <source>Must stand for</source>
        <translation>须稳定</translation>
    </message>
    <message>
        <source>Expires in</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>The machines of the release&apos;s gray list are of this cluster: the other clusters have none. Each cluster is started by a person, with its own plan.</source>
        <translation>该发布的灰度名单是本集群的机器：其他集群没有灰度名单。每个集群都由人按各自的计划启动。</translation>
    </message>
    <message>
        <source>It changes no machine: each cluster is started by a person, with its own plan.</source>
        <translation>不改动任何机器：每个集群都由人按各自的计划启动。</translation>
    </message>
    <message numerus="yes">
        <source> day(s)</source>
        <translation>
            <numerusform> 天</numerusform>
        </translation>
    </message>
    <message>
        <source>Copy as ifritctl command</source>
        <translation>复制为 ifritctl 命令</translation>
    </message>
    <message>
        <source>For the audit: a ticket, or why now</source>
        <translation>供审计：工单号，或为何现在做</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseDialog</name>
    <message>
        <source>Back</source>
        <translation>上一步</translation>
    </message>
    <message>
        <source>New release</source>
        <translation>新建发布</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
    <message>
        <source>Start…</source>
        <translation>启动…</translation>
    </message>
    <message>
        <source>Review plan</source>
        <translation>查看计划</translation>
    </message>
    <message>
        <source>The master plans.</source>
        <translation>master 正在制定计划。</translation>
    </message>
    <message>
        <source>Copy as ifritctl command</source>
        <translation>复制为 ifritctl 命令</translation>
    </message>
    <message>
        <source>Save draft</source>
        <translation>保存草稿</translation>
    </message>
    <message>
        <source>The draft is being made.</source>
        <translation>正在创建草稿。</translation>
    </message>
    <message>
        <source>Leaves it on the master as a draft, which changes nothing until it is started</source>
        <translation>以草稿保留在 master 上，启动之前不作任何变更</translation>
    </message>
    <message>
        <source>Clusters…</source>
        <translation>选择集群…</translation>
    </message>
    <message>
        <source>Choose two clusters or more; for one cluster make a release.</source>
        <translation>选择两个以上的集群；只有一个集群时新建发布。</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Close the form? What you have typed is thrown away.</source>
        <translation>要关闭表单吗？已填写的内容将被丢弃。</translation>
    </message>
    <message>
        <source>&quot;Save draft&quot; keeps it on the master, where it can be started later.</source>
        <translation>“保存草稿”会把它留在 master 上，之后仍可启动。</translation>
    </message>
    <message>
        <source>Throw away</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Go on with the form</source>
        <translation>继续填写</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseForm</name>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Install a version</source>
        <translation>安装版本</translation>
    </message>
    <message>
        <source>Uninstall, keep its data</source>
        <translation>卸载，保留数据</translation>
    </message>
    <message>
        <source>Uninstall, remove its data too</source>
        <translation>卸载并删除数据</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>动作</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Machine types</source>
        <translation>机器类型</translation>
    </message>
    <message>
        <source>Where it is tried first</source>
        <translation>先在哪里试</translation>
    </message>
    <message>
        <source>Gray stage: try it on named machines, then verify</source>
        <translation>灰度阶段：先在指定机器上试，再验证</translation>
    </message>
    <message>
        <source>uuids, one a line</source>
        <translation>uuid，每行一个</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>or pin</source>
        <translation>或账号</translation>
    </message>
    <message>
        <source>key=value key=value, all must match</source>
        <translation>key=value key=value，须全部匹配</translation>
    </message>
    <message>
        <source>or labels</source>
        <translation>或标签</translation>
    </message>
    <message>
        <source>Then, stage by stage</source>
        <translation>之后逐阶段推进</translation>
    </message>
    <message>
        <source> % of each machine type</source>
        <translation> %（每种机器类型）</translation>
    </message>
    <message>
        <source>Pilot</source>
        <translation>小流量</translation>
    </message>
    <message>
        <source>Hash batches of the cluster&apos;s ring, one at a time</source>
        <translation>按集群哈希环分批，逐批进行</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>分批</translation>
    </message>
    <message numerus="yes">
        <source> minute(s) from one batch to the next</source>
        <translation>
            <numerusform> 分钟（批次之间）</numerusform>
        </translation>
    </message>
    <message>
        <source>Interval</source>
        <translation>间隔</translation>
    </message>
    <message>
        <source>Each batch waits for promote</source>
        <translation>每批都等待推进</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message numerus="yes">
        <source> machine(s) at the same time</source>
        <translation>
            <numerusform> 台机器同时进行</numerusform>
        </translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>并发上限</translation>
    </message>
    <message>
        <source>Batch interval</source>
        <translation>批次间隔</translation>
    </message>
    <message>
        <source>Machines in flight</source>
        <translation>变更中的机器数</translation>
    </message>
    <message>
        <source>How</source>
        <translation>方式</translation>
    </message>
    <message numerus="yes">
        <source> minute(s) before verify</source>
        <translation>
            <numerusform> 分钟后方可验证</numerusform>
        </translation>
    </message>
    <message>
        <source>Soak</source>
        <translation>观察期</translation>
    </message>
    <message numerus="yes">
        <source> minute(s) for each machine</source>
        <translation>
            <numerusform> 分钟（每台机器）</numerusform>
        </translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>Go on by itself once soak is over and the gates pass</source>
        <translation>观察期结束且门禁通过后自动继续</translation>
    </message>
    <message>
        <source>For the audit: a ticket, or why now</source>
        <translation>供审计：工单号，或为何现在做</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Gray machines by uuid</source>
        <translation>按 uuid 指定灰度机器</translation>
    </message>
    <message>
        <source>Gray pin</source>
        <translation>灰度账号</translation>
    </message>
    <message>
        <source>Gray labels</source>
        <translation>灰度标签</translation>
    </message>
    <message numerus="yes">
        <source>%n machine(s) known here</source>
        <translation>
            <numerusform>此处已知 %n 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Gates: what halts it</source>
        <translation>门禁：什么情况下熔断</translation>
    </message>
    <message>
        <source>at least </source>
        <comment>machines of a pilot</comment>
        <translation>至少 </translation>
    </message>
    <message>
        <source>no share</source>
        <translation>无比例</translation>
    </message>
    <message>
        <source>Least machines of each type in the pilot</source>
        <translation>小流量中每种机器类型的最少台数</translation>
    </message>
    <message>
        <source>rotated by release; or every batch once: 3 1 2</source>
        <translation>按发布轮转；或 3 1 2（各批次一次）</translation>
    </message>
    <message>
        <source>Order</source>
        <translation>顺序</translation>
    </message>
    <message>
        <source>Batch order</source>
        <translation>批次顺序</translation>
    </message>
    <message>
        <source>In further clusters too, one after another: a campaign</source>
        <translation>还依次发布到更多集群：一次跨集群发布</translation>
    </message>
    <message>
        <source>as each machine is configured; or 2MB/s</source>
        <translation>按每台机器自身的配置；或 2MB/s</translation>
    </message>
    <message>
        <source>The most that each machine downloads with: MB or MiB, KB or KiB a second. Where the machine&apos;s own configuration says less, that holds.</source>
        <translation>每台机器下载的最高速率，单位为每秒 MB、MiB、KB 或 KiB。机器自身的配置更低时，以其配置为准。</translation>
    </message>
    <message>
        <source>Download rate</source>
        <translation>下载速率</translation>
    </message>
    <message>
        <source>All versions are uninstalled.</source>
        <translation>卸载时不区分版本。</translation>
    </message>
    <message>
        <source>There is no gray stage.</source>
        <translation>没有灰度阶段。</translation>
    </message>
    <message>
        <source>There is neither a gray stage nor a pilot.</source>
        <translation>既没有灰度阶段，也没有小流量阶段。</translation>
    </message>
    <message>
        <source>There are no batches.</source>
        <translation>没有分批。</translation>
    </message>
    <message>
        <source>Runs now</source>
        <translation>当前运行</translation>
    </message>
    <message>
        <source>no minimum</source>
        <translation>不设下限</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseGates</name>
    <message>
        <source>Halt where the new version needs more CPU or memory</source>
        <translation>新版本占用更多 CPU 或内存时熔断</translation>
    </message>
    <message>
        <source>from </source>
        <comment>machines of a stage with an outcome</comment>
        <translation>自 </translation>
    </message>
    <message>
        <source>Judged</source>
        <translation>判定</translation>
    </message>
    <message>
        <source>Further gates</source>
        <translation>更多门禁</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>开销</translation>
    </message>
    <message>
        <source>Most bad machines of a stage, in percent</source>
        <translation>一个阶段允许的异常机器百分比</translation>
    </message>
    <message>
        <source>Most bad machines of a stage</source>
        <translation>一个阶段允许的异常机器台数</translation>
    </message>
    <message>
        <source>Least outcomes of a stage before it is judged</source>
        <translation>判定一个阶段所需的最少结果数</translation>
    </message>
    <message>
        <source>Kind, stage, percent, machines, least sample. Kinds: bad, failed, timed-out, silent, crash-looping, integrity. Stages: gray, pilot, batch, full; without one, all.</source>
        <translation>依次为类别、阶段、百分比、台数、最少样本。类别：bad、failed、timed-out、silent、crash-looping、integrity。阶段：gray、pilot、batch、full；不写则为全部。</translation>
    </message>
    <message>
        <source>Cost gate</source>
        <translation>开销门禁</translation>
    </message>
    <message>
        <source>over </source>
        <comment>bad machines</comment>
        <translation>超过 </translation>
    </message>
    <message>
        <source> % bad</source>
        <translation> % 异常</translation>
    </message>
    <message>
        <source>and over </source>
        <comment>bad machines</comment>
        <translation>且超过 </translation>
    </message>
    <message numerus="yes">
        <source> machine(s)</source>
        <translation>
            <numerusform> 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>Bad machines</source>
        <translation>异常机器</translation>
    </message>
    <message numerus="yes">
        <source> outcome(s) of a stage on</source>
        <translation>
            <numerusform> 台出结果起</numerusform>
        </translation>
    </message>
    <message>
        <source>Limits of cost, by stage</source>
        <translation>按阶段的开销上限</translation>
    </message>
    <message>
        <source>Stage, percent, percent of a core, memory, least sample of at least 5; or none. Stages: gray, pilot, batch, full; without one, all that have no limits of their own.</source>
        <translation>阶段、百分比、单核百分比、内存、最少样本（至少为 5）；或 none。阶段：gray、pilot、batch、full；不写阶段时用于所有没有单独上限的阶段。</translation>
    </message>
    <message>
        <source>Cost limits</source>
        <translation>开销上限</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewReleaseRules</name>
    <message>
        <source>Another super admin approves the plan before start</source>
        <translation>启动前须由另一位超级管理员批准计划</translation>
    </message>
    <message>
        <source>at every hour; or Mon-Fri 09:00-17:00</source>
        <translation>任何时间；或 Mon-Fri 09:00-17:00</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>时间窗口</translation>
    </message>
    <message>
        <source>none; or 2026-12-24..2027-01-02</source>
        <translation>无；或 2026-12-24..2027-01-02</translation>
    </message>
    <message>
        <source>Blackout</source>
        <translation>禁止变更</translation>
    </message>
    <message>
        <source>UTC; or Asia/Shanghai</source>
        <translation>UTC；或 Asia/Shanghai</translation>
    </message>
    <message>
        <source>Time zone</source>
        <translation>时区</translation>
    </message>
    <message>
        <source>Late joiners</source>
        <translation>晚加入的机器</translation>
    </message>
    <message>
        <source>Weekly windows</source>
        <translation>每周时间窗口</translation>
    </message>
    <message>
        <source>Blackout dates</source>
        <translation>禁止变更日期</translation>
    </message>
    <message numerus="yes">
        <source>%1 late machine(s) a minute</source>
        <translation>
            <numerusform>每分钟 %1 台迟到机器</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewTokenDialog</name>
    <message>
        <source>Make a token</source>
        <translation>创建令牌</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>as: nightly report</source>
        <translation>例如：夜间报表</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>What it is for</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>Good for</source>
        <translation>有效期</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::NewUserDialog</name>
    <message>
        <source>Add a user</source>
        <translation>添加用户</translation>
    </message>
    <message>
        <source>Go on…</source>
        <translation>继续…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>reader</source>
        <translation>只读用户</translation>
    </message>
    <message>
        <source>super admin</source>
        <translation>超级管理员</translation>
    </message>
    <message>
        <source>a password that the master makes</source>
        <translation>master 生成的密码</translation>
    </message>
    <message>
        <source>a certificate alone</source>
        <translation>仅证书</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Signs in with</source>
        <translation>登录方式</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::PackageDetailView</name>
    <message>
        <source>Manifest</source>
        <translation>清单</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>差异</translation>
    </message>
    <message>
        <source>Releases</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Signed manifest</source>
        <translation>已签名的清单</translation>
    </message>
    <message>
        <source>The package before, to compare with</source>
        <translation>用于比较的上一个安装包</translation>
    </message>
    <message>
        <source>Differences from the package before</source>
        <translation>与上一个安装包的差异</translation>
    </message>
    <message>
        <source>Releases that used the package</source>
        <translation>使用过此安装包的发布</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Load more</source>
        <translation>加载更多</translation>
    </message>
    <message>
        <source>Details of the package</source>
        <translation>安装包详情</translation>
    </message>
    <message>
        <source>No package chosen</source>
        <translation>未选择安装包</translation>
    </message>
    <message>
        <source>Reading the manifest…</source>
        <translation>正在读取清单…</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::PackagesPage</name>
    <message>
        <source>Packages</source>
        <translation>安装包</translation>
    </message>
    <message>
        <source>Publish…</source>
        <translation>上传…</translation>
    </message>
    <message>
        <source>Delete…</source>
        <translation>删除…</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Load more</source>
        <translation>加载更多</translation>
    </message>
    <message>
        <source>Progress of publishing</source>
        <translation>上传进度</translation>
    </message>
    <message>
        <source>Or drop a package file on this page</source>
        <translation>也可将安装包文件拖放到本页</translation>
    </message>
    <message>
        <source>Publish a package</source>
        <translation>上传安装包</translation>
    </message>
    <message>
        <source>Packages (*.ifrit);;All files (*)</source>
        <translation>安装包 (*.ifrit);;所有文件 (*)</translation>
    </message>
    <message>
        <source>Filter by agent, version, machine type, digest, signer…</source>
        <translation>按 Agent、版本、机器类型、摘要、签名密钥等筛选…</translation>
    </message>
    <message>
        <source>Filter of the packages</source>
        <translation>安装包的筛选条件</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::PictureExport</name>
    <message>
        <source>%1 was not written: %2.</source>
        <translation>%1 未能写入：%2。</translation>
    </message>
    <message>
        <source>Picture (*.png)</source>
        <translation>图片 (*.png)</translation>
    </message>
    <message>
        <source>Drawing (*.svg)</source>
        <translation>矢量图 (*.svg)</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出 %1</translation>
    </message>
    <message>
        <source>Not exported</source>
        <translation>未导出</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::PlanReview</name>
    <message>
        <source>Stages of the plan</source>
        <translation>计划的各阶段</translation>
    </message>
    <message>
        <source>What stands against the plan</source>
        <translation>计划的冲突与未纳入的机器</translation>
    </message>
    <message>
        <source>The master&apos;s plan</source>
        <translation>master 的计划</translation>
    </message>
    <message>
        <source>What stands against it</source>
        <translation>冲突与未纳入的机器</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ReleasePage</name>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>Releases ▸ %1</source>
        <translation>发布 ▸ %1</translation>
    </message>
    <message>
        <source>as a table:</source>
        <translation>改为表格：</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Export the stages as a picture</source>
        <translation>将阶段导出为图片</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ReleaseTabs</name>
    <message>
        <source>Failures by reason</source>
        <translation>按原因归类的失败</translation>
    </message>
    <message>
        <source>Machines of the release</source>
        <translation>发布涉及的机器</translation>
    </message>
    <message>
        <source>Timeline of the release</source>
        <translation>发布的时间线</translation>
    </message>
    <message>
        <source>Audit rows of the release</source>
        <translation>发布的审计记录</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>时间线</translation>
    </message>
    <message>
        <source>Cost</source>
        <translation>开销</translation>
    </message>
    <message>
        <source>Convergence</source>
        <translation>收敛</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>审计</translation>
    </message>
    <message>
        <source>Failures %1</source>
        <translation>失败 %1</translation>
    </message>
    <message>
        <source>Failures</source>
        <translation>失败</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::ReleasesPage</name>
    <message>
        <source>Releases</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>Load more</source>
        <translation>加载更多</translation>
    </message>
    <message>
        <source>New release…</source>
        <translation>新建发布…</translation>
    </message>
    <message>
        <source>Discard draft…</source>
        <translation>丢弃草稿…</translation>
    </message>
    <message>
        <source>Filter by number, agent, version, state, reason…</source>
        <translation>按编号、Agent、版本、状态、原因等筛选…</translation>
    </message>
    <message>
        <source>Filter of the releases</source>
        <translation>发布的筛选条件</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::RingPanel</name>
    <message>
        <source>uuid: where it falls, and why</source>
        <translation>uuid：落在哪里，为什么</translation>
    </message>
    <message>
        <source>Find a uuid on the ring</source>
        <translation>在哈希环上查找 uuid</translation>
    </message>
    <message>
        <source>Batches of the ring</source>
        <translation>哈希环的批次</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Export the hash ring as a picture</source>
        <translation>将哈希环导出为图片</translation>
    </message>
    <message>
        <source>Hash ring</source>
        <translation>哈希环</translation>
    </message>
    <message>
        <source>Hash ring of %1</source>
        <translation>%1 的哈希环</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::SecretDialog</name>
    <message>
        <source>New password</source>
        <translation>新密码</translation>
    </message>
    <message>
        <source>Password of %1</source>
        <translation>%1 的密码</translation>
    </message>
    <message>
        <source>It is shown once and kept nowhere. Hand it over on a way that only %1 reads.</source>
        <translation>密码只显示一次，不会保存在任何地方。用只有 %1 能看到的方式交付。</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::TableExport</name>
    <message>
        <source>Comma-separated values (*.csv)</source>
        <translation>逗号分隔值 (*.csv)</translation>
    </message>
    <message>
        <source>JSON lines (*.jsonl)</source>
        <translation>JSON 行 (*.jsonl)</translation>
    </message>
    <message>
        <source>Export %1</source>
        <translation>导出%1</translation>
    </message>
    <message>
        <source>The rows are read.</source>
        <translation>正在读取各行。</translation>
    </message>
    <message>
        <source>%1 rows read</source>
        <translation>已读取 %1 行</translation>
    </message>
    <message>
        <source>%1 of %2 rows written</source>
        <translation>已写入 %1 / %2 行</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>导出</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::TokensTab</name>
    <message>
        <source>New token</source>
        <translation>新令牌</translation>
    </message>
    <message>
        <source>Token for %1</source>
        <translation>用于 %1 的令牌</translation>
    </message>
    <message>
        <source>It is shown once and kept nowhere. Give it to the program that it is for, and to nobody else: it acts as you.</source>
        <translation>它只显示一次，不会保存在任何地方。只交给使用它的程序，不要交给任何人：它以创建者本人的身份操作。</translation>
    </message>
    <message>
        <source>Filter by label, address or id</source>
        <translation>按用途、地址或编号筛选</translation>
    </message>
    <message>
        <source>Filter of the tokens</source>
        <translation>令牌的筛选条件</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>New token…</source>
        <translation>新令牌…</translation>
    </message>
    <message>
        <source>End…</source>
        <translation>终止…</translation>
    </message>
    <message>
        <source>End all…</source>
        <translation>全部终止…</translation>
    </message>
    <message>
        <source>For a program that acts as you</source>
        <translation>供以本人身份操作的程序使用</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::pages::VersionSpreadView</name>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Export the versions as a picture</source>
        <translation>将版本分布导出为图片</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters</name>
    <message>
        <source>A super admin of the cluster can grant it.</source>
        <translation>集群的超级管理员可以授权。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>What you see is old; nothing can be changed.</source>
        <translation>所见数据已旧，不能做任何变更。</translation>
    </message>
    <message>
        <source>Not connected to any cluster.</source>
        <translation>未连接任何集群。</translation>
    </message>
    <message>
        <source>Open Connections</source>
        <translation>打开连接页</translation>
    </message>
    <message>
        <source>Loading.</source>
        <translation>加载中。</translation>
    </message>
    <message>
        <source>Nothing matches the filter.</source>
        <translation>没有符合筛选条件的内容。</translation>
    </message>
    <message>
        <source>Clear the filter</source>
        <translation>清除筛选</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1%2</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>%1 shown · %2 read so far</source>
        <translation>显示 %1 · 已读取 %2</translation>
    </message>
    <message>
        <source>%1 shown · %2 in all</source>
        <translation>显示 %1 · 共 %2</translation>
    </message>
    <message>
        <source>This master is older than this desktop and cannot answer: it is version %1, the desktop is version %2. Upgrade the master.</source>
        <translation>该 master 比桌面端旧，无法应答：master 版本为 %1，桌面端版本为 %2。请升级 master。</translation>
    </message>
    <message>
        <source>This desktop is older than the master, which does not answer any more what it asks: the master is version %1, the desktop is version %2. Upgrade this desktop.</source>
        <translation>桌面端比该 master 旧，master 不再应答它的请求：master 版本为 %1，桌面端版本为 %2。请升级桌面端。</translation>
    </message>
    <message>
        <source>A master of this cluster is of another version than this desktop, which is version %1, and cannot answer. Upgrade the masters that are behind.</source>
        <translation>此集群中有 master 与桌面端（版本 %1）版本不同，无法应答。请升级版本落后的 master。</translation>
    </message>
    <message>
        <source>This master does not know what it is asked, so one of the two is older: the desktop is version %1, the master has not told its own. Upgrade the one that is behind.</source>
        <translation>该 master 不认识此请求，说明两者之一版本较旧：桌面端版本为 %1，master 尚未告知其版本。请升级版本落后的一方。</translation>
    </message>
    <message>
        <source>desktop %1, master %2</source>
        <translation>桌面端 %1，master %2</translation>
    </message>
    <message>
        <source>No machine has joined this cluster yet. Make a token with &quot;ifrit-master join-token&quot; and start ifrit-guard with it.</source>
        <translation>还没有机器加入此集群。请用 ifrit-master join-token 生成令牌，再用它启动 ifrit-guard。</translation>
    </message>
    <message>
        <source>This list was read at %1.</source>
        <translation>此列表读取于 %1。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::AccessPresenter</name>
    <message>
        <source>A name is missing.</source>
        <translation>缺少名称。</translation>
    </message>
    <message>
        <source>A name has at most 64 of a-z, 0-9 and . _ @ -</source>
        <translation>名称最多 64 个字符，只能用 a-z、0-9 和 . _ @ -</translation>
    </message>
    <message>
        <source>There is a user of this name.</source>
        <translation>已有同名用户。</translation>
    </message>
    <message>
        <source>Type the number of users, 1, to go on</source>
        <translation>输入用户数 1 以继续</translation>
    </message>
    <message>
        <source>Add %1?</source>
        <translation>添加 %1？</translation>
    </message>
    <message>
        <source>A super admin may do everything here, and let others.</source>
        <translation>超级管理员可以做这里的一切，也可以给别人授权。</translation>
    </message>
    <message>
        <source>A reader sees everything here, and changes what is granted.</source>
        <translation>只读用户可以查看一切，只能变更获得授权的内容。</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>添加</translation>
    </message>
    <message>
        <source>Role</source>
        <translation>角色</translation>
    </message>
    <message>
        <source>Signs in with</source>
        <translation>登录方式</translation>
    </message>
    <message>
        <source>a password that the master makes</source>
        <translation>master 生成的密码</translation>
    </message>
    <message>
        <source>a certificate alone</source>
        <translation>仅证书</translation>
    </message>
    <message>
        <source>Nobody is chosen.</source>
        <translation>未选择用户。</translation>
    </message>
    <message>
        <source>One&apos;s own password is changed with: ifritctl user passwd</source>
        <translation>自己的密码用 ifritctl user passwd 修改</translation>
    </message>
    <message>
        <source>Give %1 a new password?</source>
        <translation>重置 %1 的密码？</translation>
    </message>
    <message>
        <source>The old one and all tokens end at once; the new one is shown once.</source>
        <translation>旧密码和全部令牌立即失效；新密码只显示一次。</translation>
    </message>
    <message>
        <source>Give</source>
        <translation>重置</translation>
    </message>
    <message>
        <source>Make %1 a super admin?</source>
        <translation>将 %1 设为超级管理员？</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>确定</translation>
    </message>
    <message>
        <source>Make %1 a reader?</source>
        <translation>将 %1 改为只读用户？</translation>
    </message>
    <message>
        <source>Disable %1?</source>
        <translation>停用 %1？</translation>
    </message>
    <message>
        <source>Password, tokens and certificates are refused from now on, and what is open ends within two seconds.</source>
        <translation>密码、令牌和证书从现在起被拒绝，已打开的连接在两秒内结束。</translation>
    </message>
    <message>
        <source>Disable</source>
        <translation>停用</translation>
    </message>
    <message>
        <source>Enable %1?</source>
        <translation>启用 %1？</translation>
    </message>
    <message>
        <source>Password and certificates are good again; ended tokens are not.</source>
        <translation>密码和证书恢复有效；已终止的令牌不会恢复。</translation>
    </message>
    <message>
        <source>Enable</source>
        <translation>启用</translation>
    </message>
    <message>
        <source>Remove %1?</source>
        <translation>移除 %1？</translation>
    </message>
    <message>
        <source>Grants, tokens and certificates go too. Somebody of this name who is added later gets nothing of them.</source>
        <translation>授权、令牌和证书一并移除。以后添加的同名用户不会得到其中任何一项。</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>A super admin may do everything already.</source>
        <translation>超级管理员已拥有全部权限。</translation>
    </message>
    <message>
        <source>This is no permission.</source>
        <translation>这不是权限。</translation>
    </message>
    <message>
        <source>An agent is a name, or the beginning of one and *.</source>
        <translation>Agent 是名称，或名称的开头加 *。</translation>
    </message>
    <message>
        <source>A machine type is a name such as LINUX, or the beginning of one and *.</source>
        <translation>机器类型是 LINUX 这样的名称，或名称的开头加 *。</translation>
    </message>
    <message>
        <source>Grant %1 something?</source>
        <translation>给 %1 授权？</translation>
    </message>
    <message>
        <source>It holds at once, at every master of the cluster.</source>
        <translation>立即在集群的每个 master 上生效。</translation>
    </message>
    <message>
        <source>Grant</source>
        <translation>授权</translation>
    </message>
    <message>
        <source>Permission</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>every permission</source>
        <translation>全部权限</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>every agent</source>
        <translation>全部 Agent</translation>
    </message>
    <message>
        <source>Machine type</source>
        <translation>机器类型</translation>
    </message>
    <message>
        <source>every type</source>
        <translation>全部类型</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>for ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>No grant is chosen.</source>
        <translation>未选择授权。</translation>
    </message>
    <message>
        <source>It is given by the master&apos;s configuration, and taken away there.</source>
        <translation>由 master 的配置文件授予，也在那里收回。</translation>
    </message>
    <message>
        <source>Take a grant from %1?</source>
        <translation>收回 %1 的授权？</translation>
    </message>
    <message>
        <source>It holds nowhere any more from the next call on.</source>
        <translation>从下一次调用起在任何地方都不再有效。</translation>
    </message>
    <message>
        <source>Take away</source>
        <translation>收回</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>everything</source>
        <translation>一切</translation>
    </message>
    <message>
        <source>read, and what is granted below</source>
        <translation>查看，以及下面授权的内容</translation>
    </message>
    <message>
        <source>nothing while disabled</source>
        <translation>停用期间什么都不能做</translation>
    </message>
    <message>
        <source>May</source>
        <translation>可以</translation>
    </message>
    <message>
        <source>a password or a certificate</source>
        <translation>密码或证书</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>Added</source>
        <translation>添加于</translation>
    </message>
    <message>
        <source>The master is asked.</source>
        <translation>正在询问 master。</translation>
    </message>
    <message>
        <source>Yes: %1.</source>
        <translation>可以：%1。</translation>
    </message>
    <message>
        <source>No: %1.</source>
        <translation>不可以：%1。</translation>
    </message>
    <message>
        <source>Nobody may sign in here.</source>
        <translation>没有人可以登录这里。</translation>
    </message>
    <message>
        <source>%1 in force</source>
        <translation>%1 个有效</translation>
    </message>
    <message>
        <source>Loading.</source>
        <translation>加载中。</translation>
    </message>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Choose a permission.</source>
        <translation>请选择一项权限。</translation>
    </message>
    <message>
        <source>A cluster is a name, or the beginning of one and *.</source>
        <translation>集群填名称，或名称开头加 *。</translation>
    </message>
    <message>
        <source>every cluster</source>
        <translation>所有集群</translation>
    </message>
    <message>
        <source>%1 is the last super admin who may sign in. Make another one first.</source>
        <translation>%1 是最后一个可以登录的超级管理员。请先设置另一个。</translation>
    </message>
    <message>
        <source>Holds in</source>
        <translation>生效范围</translation>
    </message>
    <message>
        <source>read; grants: %1</source>
        <translation>查看；授权：%1</translation>
    </message>
    <message numerus="yes">
        <source>%1 user(s)</source>
        <translation>
            <numerusform>%1 个用户</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 super admin(s)</source>
        <translation>
            <numerusform>%1 个超级管理员</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 grant(s)</source>
        <translation>
            <numerusform>%1 项授权</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::AddressAdder</name>
    <message>
        <source>%1 cannot be read: %2</source>
        <translation>无法读取 %1：%2</translation>
    </message>
    <message>
        <source>%1 is over 64 KiB: this is no CA&apos;s certificate.</source>
        <translation>%1 超过 64 KiB：这不是 CA 证书。</translation>
    </message>
    <message>
        <source>%1 holds a private key, which belongs on no other machine: choose ca.pem.</source>
        <translation>%1 含有私钥，私钥不应出现在其他机器上：请选择 ca.pem。</translation>
    </message>
    <message>
        <source>%1 has to hold one certificate in PEM form.</source>
        <translation>%1 须包含且仅包含一个 PEM 格式的证书。</translation>
    </message>
    <message>
        <source>The server is being asked.</source>
        <translation>正在询问服务端。</translation>
    </message>
    <message>
        <source>Write the address as host:port, for example m1.example:7443.</source>
        <translation>地址须写成 host:port，例如 m1.example:7443。</translation>
    </message>
    <message>
        <source>The server shows no certificate.</source>
        <translation>服务端没有出示证书。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate is not good by this CA: %1</source>
        <translation>按此 CA 校验，服务端证书无效：%1</translation>
    </message>
    <message>
        <source>This is no ifrit master: its certificate names none.</source>
        <translation>这不是 ifrit master：其证书不是 master 的证书。</translation>
    </message>
    <message>
        <source>The server&apos;s certificate does not name this address: use one that it names.</source>
        <translation>服务端证书不含此地址：请使用证书中列出的地址。</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>CA</source>
        <translation>CA</translation>
    </message>
    <message>
        <source>CA&apos;s expiry</source>
        <translation>CA 到期时间</translation>
    </message>
    <message>
        <source>Server&apos;s certificate</source>
        <translation>服务端证书</translation>
    </message>
    <message>
        <source>Server&apos;s expiry</source>
        <translation>服务端证书到期时间</translation>
    </message>
    <message>
        <source>Ask the server first.</source>
        <translation>请先询问服务端。</translation>
    </message>
    <message>
        <source>Write the fingerprint that the master&apos;s own machine tells of ca.pem.</source>
        <translation>请填写在 master 本机上读取的 ca.pem 指纹。</translation>
    </message>
    <message>
        <source>That is another CA&apos;s fingerprint, or not all of it: do not go on unless they are the same.</source>
        <translation>这是另一个 CA 的指纹，或指纹不完整：两者不一致时请勿继续。</translation>
    </message>
    <message>
        <source>The server does not show its CA&apos;s certificate: choose the cluster&apos;s ca.pem.</source>
        <translation>服务端没有出示其 CA 证书：请选择该集群的 ca.pem。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::AuditPresenter</name>
    <message>
        <source>Row</source>
        <translation>审计编号</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Actor</source>
        <translation>操作人</translation>
    </message>
    <message>
        <source>%1 by %2 from %3</source>
        <translation>%1，途径 %2，来自 %3</translation>
    </message>
    <message>
        <source>Verb</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
    <message>
        <source>Before</source>
        <translation>变更前</translation>
    </message>
    <message>
        <source>After</source>
        <translation>变更后</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Hash</source>
        <translation>哈希</translation>
    </message>
    <message>
        <source>The chain is being walked.</source>
        <translation>正在校验审计链。</translation>
    </message>
    <message>
        <source>The master walks the chain.</source>
        <translation>master 正在校验审计链。</translation>
    </message>
    <message numerus="yes">
        <source>%1 row(s), newest first</source>
        <translation>
            <numerusform>%1 条记录，最新在前</numerusform>
        </translation>
    </message>
    <message>
        <source> · more to load</source>
        <translation> · 还有更多</translation>
    </message>
    <message>
        <source>Nothing has been changed in this cluster yet.</source>
        <translation>此集群尚无任何变更。</translation>
    </message>
    <message>
        <source>No head was kept here before; this one is the first.</source>
        <translation>此前这里没有保存过链头，这是第一个。</translation>
    </message>
    <message numerus="yes">
        <source>All %1 head(s) that are kept here lie on it.</source>
        <translation>
            <numerusform>这里保存的 %1 个链头都在链上。</numerusform>
        </translation>
    </message>
    <message>
        <source>The chain is broken at row %1: %2.</source>
        <translation>审计链在第 %1 条记录处断裂：%2。</translation>
    </message>
    <message>
        <source>release #%1</source>
        <translation>发布 #%1</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <comment>its name, and its id</comment>
        <translation>%1（%2）</translation>
    </message>
    <message numerus="yes">
        <source>Head %2: the chain of %1 row(s) is intact.</source>
        <translation>
            <numerusform>链头 %2：审计链完好，共 %1 条记录。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::BucketCounts</name>
    <message>
        <source>frozen</source>
        <translation>已冻结</translation>
    </message>
    <message>
        <source>%1 in flight</source>
        <translation>%1 台变更中</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>no agent yet</source>
        <translation>尚无 Agent</translation>
    </message>
    <message>
        <source>%1 watching</source>
        <translation>%1 台观察中</translation>
    </message>
    <message>
        <source>%1 bad</source>
        <translation>%1 台异常</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::CampaignsPresenter</name>
    <message>
        <source>No campaign is chosen.</source>
        <translation>未选择跨集群发布。</translation>
    </message>
    <message>
        <source>The last verb has not been answered yet.</source>
        <translation>上一个操作还没有应答。</translation>
    </message>
    <message>
        <source>%1: %2.</source>
        <translation>%1：%2。</translation>
    </message>
    <message>
        <source>%1: %2, %3.</source>
        <translation>%1：%2，%3。</translation>
    </message>
    <message>
        <source>The campaign is complete.</source>
        <translation>跨集群发布已全部完成。</translation>
    </message>
    <message>
        <source>There is no connection to %1.</source>
        <translation>没有到 %1 的连接。</translation>
    </message>
    <message>
        <source>The connection to %1 is read-only.</source>
        <translation>到 %1 的连接是只读的。</translation>
    </message>
    <message>
        <source>It was aborted in every cluster that can be told.</source>
        <translation>能通知到的集群都已中止。</translation>
    </message>
    <message>
        <source>It cannot be started now: %1</source>
        <translation>现在不能启动：%1</translation>
    </message>
    <message>
        <source>Start %1 in %2?</source>
        <translation>在 %2 启动 %1？</translation>
    </message>
    <message numerus="yes">
        <source>%1 is moved to %2 on %3 machine(s) of this cluster, stage by stage. The next cluster waits for its receipt.</source>
        <translation>
            <numerusform>%1 将在本集群的 %3 台机器上分阶段换到 %2。下一个集群等待它的回执。</numerusform>
        </translation>
    </message>
    <message>
        <source>Receipt of %1</source>
        <translation>%1 的回执</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>Abort %1?</source>
        <translation>中止 %1？</translation>
    </message>
    <message>
        <source>Nothing of it starts any more, and no receipt is made. A release that runs is left as it is: abort it or roll it back under Releases.</source>
        <translation>不再启动其中任何发布，也不再出具回执。正在进行的发布保持不变：在“发布”页中止或回滚它。</translation>
    </message>
    <message>
        <source>Machines of running releases</source>
        <translation>进行中的发布的机器</translation>
    </message>
    <message>
        <source>Cannot be told</source>
        <translation>无法通知</translation>
    </message>
    <message>
        <source>Abort</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message numerus="yes">
        <source>%1 campaign(s), newest first</source>
        <translation>
            <numerusform>%1 个跨集群发布，最新在前</numerusform>
        </translation>
    </message>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>等待中</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>已停住</translation>
    </message>
    <message>
        <source>Complete</source>
        <translation>全部完成</translation>
    </message>
    <message>
        <source>Aborted</source>
        <translation>已中止</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 换到 %2</translation>
    </message>
    <message>
        <source>made by %1</source>
        <translation>由 %1 创建</translation>
    </message>
    <message>
        <source>expires %1</source>
        <translation>%1 到期</translation>
    </message>
    <message>
        <source>a release must stand for %1</source>
        <translation>发布须稳定 %1</translation>
    </message>
    <message>
        <source>document %1</source>
        <translation>文档 %1</translation>
    </message>
    <message numerus="yes">
        <source>%1 receipt(s) cannot be carried over a read-only connection.</source>
        <translation>
            <numerusform>%1 份回执无法经只读连接带过去。</numerusform>
        </translation>
    </message>
    <message>
        <source>No campaign yet. A campaign takes one change through several clusters.</source>
        <translation>还没有跨集群发布。它把同一个变更依次带过多个集群。</translation>
    </message>
    <message>
        <source>New campaign…</source>
        <translation>新建跨集群发布…</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 cluster(s) answered; out of sight: %3</source>
        <translation>
            <numerusform>%2 个集群中有 %1 个应答；无法查看：%3</numerusform>
        </translation>
    </message>
    <message>
        <source>No release of it can be rolled back now.</source>
        <translation>其中没有现在可以回滚的发布。</translation>
    </message>
    <message numerus="yes">
        <source>release %1: %2 machine(s), %3</source>
        <translation>
            <numerusform>发布 %1：%2 台机器，%3</numerusform>
        </translation>
    </message>
    <message>
        <source>Not rolled back: read-only</source>
        <translation>不回滚：只读连接</translation>
    </message>
    <message>
        <source>Abort %1 and roll it back?</source>
        <translation>中止并回滚 %1？</translation>
    </message>
    <message>
        <source>Machines that go back</source>
        <translation>将回滚的机器</translation>
    </message>
    <message>
        <source>Abort and roll back</source>
        <translation>中止并回滚</translation>
    </message>
    <message>
        <source>%1: not rolled back: %2</source>
        <translation>%1：未回滚：%2</translation>
    </message>
    <message>
        <source>No campaign matches the filter.</source>
        <translation>没有符合筛选条件的跨集群发布。</translation>
    </message>
    <message>
        <source>Its release is shown where the window is connected to %1.</source>
        <translation>连接到 %1 后才能查看其发布。</translation>
    </message>
    <message>
        <source>%1 has no release of it yet.</source>
        <translation>%1 还没有其中的发布。</translation>
    </message>
    <message>
        <source>%1 has another draft of it by now.</source>
        <translation>%1 现已有另一份草稿。</translation>
    </message>
    <message>
        <source>Campaign %1 has stopped. %2</source>
        <translation>跨集群发布 %1 已停止。%2</translation>
    </message>
    <message>
        <source>Campaign %1: %2 can be started.</source>
        <translation>跨集群发布 %1：可以在 %2 开始。</translation>
    </message>
    <message>
        <source>Its place</source>
        <translation>次序</translation>
    </message>
    <message>
        <source>no. %1 of %2</source>
        <translation>第 %1 个，共 %2 个</translation>
    </message>
    <message>
        <source>No campaign in the clusters that have answered.</source>
        <translation>已应答的集群中没有跨集群发布。</translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 cluster(s) answered; waiting for %3</source>
        <translation>
            <numerusform>%2 个集群中有 %1 个应答；正在等待 %3</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of %2 cluster(s) answered; waiting for %3; out of sight: %4</source>
        <translation>
            <numerusform>%2 个集群中有 %1 个应答；正在等待 %3；无法查看：%4</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing of it starts any more, and no receipt is made. Every machine of a stage that has opened goes back to what it ran before, in all of its clusters, the last one first. What a machine ran right before is still on its disk; anything older is downloaded again.</source>
        <translation>不再启动其中任何发布，也不再出具回执。在其所有集群中，已开启的阶段中的每台机器都恢复原来的版本，从最后一个集群开始。机器之前运行的那个版本仍在磁盘上，更早的需重新下载。</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>Out of sight</source>
        <translation>无法查看</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::CertificateFacts</name>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>not valid yet</source>
        <translation>尚未生效</translation>
    </message>
    <message numerus="yes">
        <source>%n day(s) left</source>
        <translation>
            <numerusform>剩余 %n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>valid</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>%1, from %2</source>
        <translation>%1，生效时间 %2</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a date and what it means</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::CertificatesPresenter</name>
    <message>
        <source>Certificates of others are shown to super admins alone.</source>
        <translation>别人的证书只有超级管理员可以查看。</translation>
    </message>
    <message>
        <source>No certificate was issued.</source>
        <translation>没有签发过证书。</translation>
    </message>
    <message>
        <source>No certificate of this user matches the filter.</source>
        <translation>该用户没有符合筛选条件的证书。</translation>
    </message>
    <message>
        <source>No certificate is chosen.</source>
        <translation>未选择证书。</translation>
    </message>
    <message>
        <source>It is revoked already.</source>
        <translation>该证书已被吊销。</translation>
    </message>
    <message>
        <source>It has expired: nobody comes with it any more.</source>
        <translation>该证书已过期，无法再用于登录。</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>吊销</translation>
    </message>
    <message>
        <source>You come in with it, or could: where this window did, it is refused from now on, too.</source>
        <translation>这是本人的证书：如果本窗口用它登录，从现在起也会被拒绝。</translation>
    </message>
    <message>
        <source>Whoever comes with it is refused from now on, and what they have open ends. Passwords and tokens of %1 stay good.</source>
        <translation>从现在起拒绝使用它的人，已打开的连接会结束。%1 的密码和令牌仍然有效。</translation>
    </message>
    <message>
        <source>Revoke a certificate of %1?</source>
        <translation>吊销 %1 的证书？</translation>
    </message>
    <message>
        <source>Type the number of certificates, 1, to go on</source>
        <translation>输入证书数 1 以继续</translation>
    </message>
    <message>
        <source>Serial</source>
        <translation>序列号</translation>
    </message>
    <message>
        <source>Issued</source>
        <translation>签发时间</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>There is no certificate in force.</source>
        <translation>没有有效的证书。</translation>
    </message>
    <message>
        <source>Revoke every certificate of %1?</source>
        <translation>吊销 %1 的全部证书？</translation>
    </message>
    <message>
        <source>Revoke all</source>
        <translation>全部吊销</translation>
    </message>
    <message>
        <source>Type the number of users, 1, to go on</source>
        <translation>输入用户数 1 以继续</translation>
    </message>
    <message>
        <source>Certificates</source>
        <translation>证书</translation>
    </message>
    <message>
        <source>%1 in force</source>
        <translation>%1 个有效</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ConnectionDetails</name>
    <message>
        <source>unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>CA</source>
        <translation>CA</translation>
    </message>
    <message>
        <source>CA&apos;s fingerprint (SHA-256)</source>
        <translation>CA 指纹（SHA-256）</translation>
    </message>
    <message>
        <source>Trusted</source>
        <translation>信任范围</translation>
    </message>
    <message>
        <source>nobody: the bundle file cannot be read</source>
        <translation>无：接入文件无法读取</translation>
    </message>
    <message numerus="yes">
        <source>pinned: servers whose certificate one of the bundle&apos;s %n CA(s) signed for their address, and no other CA of this computer</source>
        <translation>
            <numerusform>已固定：仅信任由接入文件中 %n 个 CA 之一为其地址签发证书的服务端，本机的其他 CA 均不信任</numerusform>
        </translation>
    </message>
    <message>
        <source>pinned: servers whose certificate this CA signed for their address, and no other CA of this computer</source>
        <translation>已固定：仅信任由此 CA 为其地址签发证书的服务端，本机的其他 CA 均不信任</translation>
    </message>
    <message>
        <source>Server&apos;s certificate</source>
        <translation>服务端证书</translation>
    </message>
    <message>
        <source>unknown: connect, or test the connection</source>
        <translation>未知：请先连接，或测试连接</translation>
    </message>
    <message>
        <source>Seen</source>
        <translation>最近获取时间</translation>
    </message>
    <message>
        <source>Your certificate</source>
        <translation>本人证书</translation>
    </message>
    <message>
        <source>none: a password signs in</source>
        <translation>无：使用密码登录</translation>
    </message>
    <message>
        <source>CA&apos;s expiry</source>
        <translation>CA 到期时间</translation>
    </message>
    <message>
        <source>Server&apos;s expiry</source>
        <translation>服务端证书到期时间</translation>
    </message>
    <message>
        <source>Your certificate&apos;s expiry</source>
        <translation>本人证书到期时间</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>on the map</source>
        <translation>在地图上</translation>
    </message>
    <message>
        <source>%1 of %2 connected</source>
        <translation>已连接 %1/%2</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <translation>%1，%2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ConnectionHub</name>
    <message>
        <source>, request %1</source>
        <translation>，请求 %1</translation>
    </message>
    <message>
        <source>Not connected.</source>
        <translation>未连接。</translation>
    </message>
    <message>
        <source>Connecting to %1.</source>
        <translation>正在连接 %1。</translation>
    </message>
    <message>
        <source>No contact since %1</source>
        <translation>自 %1 起无联系</translation>
    </message>
    <message>
        <source>Not reached yet</source>
        <translation>尚未连通</translation>
    </message>
    <message>
        <source>, attempt %1</source>
        <translation>，第 %1 次尝试</translation>
    </message>
    <message>
        <source>, next in %1 s</source>
        <translation>，%1 秒后重试</translation>
    </message>
    <message>
        <source>This connection is read-only.</source>
        <translation>此连接是只读的。</translation>
    </message>
    <message>
        <source>Not known yet who you are here.</source>
        <translation>尚不清楚你在此处的身份。</translation>
    </message>
    <message>
        <source>%1 lacks the permission %2; a super admin can grant it.</source>
        <translation>%1 没有 %2 权限，可由超级管理员授予。</translation>
    </message>
    <message>
        <source>%1.</source>
        <comment>ends a sentence</comment>
        <translation>%1。</translation>
    </message>
    <message>
        <source>The login is missing or has expired: sign in again.</source>
        <translation>尚未登录或登录已过期：请重新登录。</translation>
    </message>
    <message>
        <source>The account %1 is disabled. A super admin of the cluster can enable it again; to sign in again does not help.</source>
        <translation>账户 %1 已停用。该集群的超级管理员可以重新启用；重新登录没有用。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ConnectionsPresenter</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>DNS</source>
        <translation>DNS</translation>
    </message>
    <message>
        <source>TCP</source>
        <translation>TCP</translation>
    </message>
    <message>
        <source>TLS chain</source>
        <translation>TLS 证书链</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>健康检查</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>功能</translation>
    </message>
    <message>
        <source>Permissions</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>running</source>
        <translation>运行中</translation>
    </message>
    <message>
        <source>not run yet</source>
        <translation>尚未运行</translation>
    </message>
    <message>
        <source>Everything works.</source>
        <translation>一切正常。</translation>
    </message>
    <message>
        <source>not connected</source>
        <translation>未连接</translation>
    </message>
    <message>
        <source>connected, %1 ms</source>
        <translation>已连接，%1 毫秒</translation>
    </message>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>connecting</source>
        <translation>连接中</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>reconnecting</source>
        <translation>重连中</translation>
    </message>
    <message>
        <source>Connect first.</source>
        <translation>请先连接。</translation>
    </message>
    <message>
        <source>Signing in.</source>
        <translation>正在登录。</translation>
    </message>
    <message>
        <source>Signed in as %1.</source>
        <translation>已登录为 %1。</translation>
    </message>
    <message>
        <source>No master is known yet.</source>
        <translation>还没有已知的 master。</translation>
    </message>
    <message>
        <source>Import bundle file…</source>
        <translation>导入接入文件…</translation>
    </message>
    <message>
        <source>Import the bundle file that &quot;ifrit-master init&quot; has written, open a link that a colleague has copied for you, or start a demo cluster on this machine.</source>
        <translation>导入“ifrit-master init”写出的接入文件，打开同事复制给你的链接，或在本机启动演示集群。</translation>
    </message>
    <message>
        <source>Nobody has signed in with a password here.</source>
        <translation>这里没有用密码登录。</translation>
    </message>
    <message>
        <source>Signing out.</source>
        <translation>正在退出登录。</translation>
    </message>
    <message>
        <source>Signed out.</source>
        <translation>已退出登录。</translation>
    </message>
    <message>
        <source>Signed out on this computer. The master has not ended the login, which lasts until it expires: %1</source>
        <translation>已在本机退出登录。master 没有结束该登录，它在到期之前仍然有效：%1</translation>
    </message>
    <message>
        <source>Choose a master in the list first.</source>
        <translation>请先在列表中选择一个 master。</translation>
    </message>
    <message>
        <source>Master %1</source>
        <translation>master %1</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>数据库</translation>
    </message>
    <message>
        <source>%1 has not been tested yet.</source>
        <translation>%1 尚未测试。</translation>
    </message>
    <message>
        <source>%1 is being tested.</source>
        <translation>正在测试 %1。</translation>
    </message>
    <message>
        <source>%1, tested %2</source>
        <translation>%1，测试于 %2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::DemoPresenter</name>
    <message>
        <source>The demo could not be started: %1</source>
        <translation>演示无法启动：%1</translation>
    </message>
    <message>
        <source>The demo is not installed beside this program: it needs python3, ifrit-master and ifrit-agent.</source>
        <translation>本程序旁没有安装演示：需要 python3、ifrit-master 和 ifrit-agent。</translation>
    </message>
    <message>
        <source>The demo is still ending.</source>
        <translation>演示仍在结束中。</translation>
    </message>
    <message>
        <source>Starting a cluster on this machine.</source>
        <translation>正在本机启动集群。</translation>
    </message>
    <message>
        <source>Ending the demo.</source>
        <translation>正在结束演示。</translation>
    </message>
    <message>
        <source>Demo: %1</source>
        <translation>演示：%1</translation>
    </message>
    <message>
        <source>The demo has ended; nothing of it is left.</source>
        <translation>演示已结束，没有任何残留。</translation>
    </message>
    <message>
        <source>The demo ended: %1</source>
        <translation>演示已结束：%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::DraftDiscard</name>
    <message>
        <source>Choose a draft.</source>
        <translation>请选择一个草稿。</translation>
    </message>
    <message>
        <source>The last verb has not been answered yet.</source>
        <translation>上一个操作尚未得到应答。</translation>
    </message>
    <message>
        <source>This release is %1: only a draft can be discarded.</source>
        <translation>此发布%1：只有草稿可以丢弃。</translation>
    </message>
    <message>
        <source>Discard draft %1?</source>
        <translation>丢弃草稿 %1？</translation>
    </message>
    <message>
        <source>It was not started: no machine has changed, and none will. It stays on the list as aborted, and cannot be started any more.</source>
        <translation>它没有启动过：没有机器变更，今后也不会。它以“已中止”留在列表中，不能再启动。</translation>
    </message>
    <message>
        <source>Agent</source>
        <translation>Agent</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>创建人</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>Draft %1 was discarded.</source>
        <translation>草稿 %1 已丢弃。</translation>
    </message>
    <message>
        <source>Draft %1 was not discarded: %2</source>
        <translation>草稿 %1 未能丢弃：%2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::DraftKeeper</name>
    <message>
        <source>Draft %1 could not be ended and stays on the master: %2</source>
        <translation>草稿 %1 未能终止，仍留在 master 上：%2</translation>
    </message>
    <message>
        <source>The release wizard was left with %1. Its draft %2 stays there, and is ended once this window is connected to %1 again.</source>
        <translation>新建发布向导已随 %1 的连接一起关闭。其草稿 %2 仍留在该集群，待本窗口重新连接 %1 后自动作废。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::EndedLine</name>
    <message>
        <source>bundle file not readable</source>
        <translation>接入文件无法读取</translation>
    </message>
    <message>
        <source>account disabled</source>
        <translation>账户已停用</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>未登录</translation>
    </message>
    <message>
        <source>certificate refused</source>
        <translation>证书被拒绝</translation>
    </message>
    <message>
        <source>not allowed</source>
        <translation>没有权限</translation>
    </message>
    <message>
        <source>of another version</source>
        <translation>版本不同</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>%1, tried again once you have signed in there</source>
        <translation>%1，登录该集群后重试</translation>
    </message>
    <message>
        <source>%1, tried again once its new bundle is imported</source>
        <translation>%1，导入新的接入文件后重试</translation>
    </message>
    <message>
        <source>%1, tried again now</source>
        <translation>%1，正在重试</translation>
    </message>
    <message>
        <source>%1, tried again at %2</source>
        <translation>%1，将于 %2 重试</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::EventLog</name>
    <message>
        <source>connected</source>
        <translation>已连接</translation>
    </message>
    <message>
        <source>The master at %1 answers</source>
        <translation>%1 的 master 已应答</translation>
    </message>
    <message>
        <source>line broken</source>
        <translation>连接中断</translation>
    </message>
    <message>
        <source>The master is silent</source>
        <translation>master 无应答</translation>
    </message>
    <message>
        <source>disconnected</source>
        <translation>已断开</translation>
    </message>
    <message>
        <source>The connection was closed here</source>
        <translation>连接已在本机关闭</translation>
    </message>
    <message>
        <source>packages</source>
        <translation>安装包</translation>
    </message>
    <message>
        <source>A package was published or deleted: %1</source>
        <translation>安装包被上传或删除：%1</translation>
    </message>
    <message>
        <source>cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>The cluster changed, generation %1</source>
        <translation>集群有变更，代次 %1</translation>
    </message>
    <message>
        <source>read again</source>
        <translation>重新读取</translation>
    </message>
    <message>
        <source>Events were missed: everything was read again</source>
        <translation>有事件遗漏：已全部重新读取</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::EventModel</name>
    <message>
        <source>Event</source>
        <translation>事件</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>What happened</source>
        <translation>内容</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::FleetRoster</name>
    <message>
        <source>no contact since %1</source>
        <translation>自 %1 起无应答</translation>
    </message>
    <message>
        <source>not reached yet</source>
        <translation>尚未连通</translation>
    </message>
    <message>
        <source>not signed in</source>
        <translation>未登录</translation>
    </message>
    <message>
        <source>no figures since %1</source>
        <translation>自 %1 起无数据</translation>
    </message>
    <message>
        <source>account disabled</source>
        <translation>账户已停用</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a cluster, and why it does not answer</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::FreezeLine</name>
    <message>
        <source>All change is frozen by %1 since %2: %3</source>
        <translation>%1 自 %2 起冻结了全部变更：%3</translation>
    </message>
    <message>
        <source>(the master holds it until its database is back)</source>
        <translation>（master 暂存冻结状态，数据库恢复后写入）</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Not every master has confirmed it, and one that has not may let machines change until it hears of it: %1. The master asks again.</source>
        <translation>并非所有 master 都已确认冻结，未确认的 master 在得知之前仍可能放行机器变更：%1。master 会继续询问。</translation>
    </message>
    <message>
        <source>cannot be reached</source>
        <translation>无法连接</translation>
    </message>
    <message>
        <source>does not answer</source>
        <translation>没有应答</translation>
    </message>
    <message>
        <source>is too old to be told of it</source>
        <translation>版本过旧，无法通知</translation>
    </message>
    <message>
        <source>%1, %2</source>
        <comment>masters in a row</comment>
        <translation>%1、%2</translation>
    </message>
    <message>
        <source>(the master holds it in memory alone: a restart of it forgets the freeze)</source>
        <translation>（仅保存在 master 的内存中，master 重启后冻结即丢失）</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::FreezePresenter</name>
    <message>
        <source>Not known yet whether the cluster is frozen.</source>
        <translation>尚不知道集群是否已冻结。</translation>
    </message>
    <message>
        <source>The cluster is frozen already.</source>
        <translation>集群已经冻结。</translation>
    </message>
    <message>
        <source>The cluster is not frozen.</source>
        <translation>集群没有冻结。</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>%1, counted by the master</source>
        <translation>%1（由 master 统计）</translation>
    </message>
    <message>
        <source>Changing now</source>
        <translation>正在变更</translation>
    </message>
    <message>
        <source>Open releases</source>
        <translation>未结束的发布</translation>
    </message>
    <message>
        <source>Frozen by</source>
        <translation>冻结人</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Freeze %1?</source>
        <translation>冻结 %1？</translation>
    </message>
    <message>
        <source>All change stops at once: no machine gets a permit, no stage opens, nothing is started or rolled back, until somebody unfreezes the cluster. Agents keep running, and machines that are switching now finish. It works while the master&apos;s database is away, too.</source>
        <translation>一切变更立即停止：解冻之前，没有机器获得许可，没有阶段开启，不启动也不回滚。Agent 继续运行，正在切换的机器会完成切换。master 的数据库不可用时同样有效。</translation>
    </message>
    <message>
        <source>Freeze</source>
        <translation>冻结</translation>
    </message>
    <message>
        <source>Unfreeze %1?</source>
        <translation>解冻 %1？</translation>
    </message>
    <message>
        <source>Machines change again: open releases go on where they stood, and what waited for a permit gets one.</source>
        <translation>机器可再次变更：未结束的发布从原处继续，等待许可的机器获得许可。</translation>
    </message>
    <message>
        <source>Unfreeze</source>
        <translation>解冻</translation>
    </message>
    <message>
        <source>The cluster was not frozen: %1</source>
        <translation>集群未被冻结：%1</translation>
    </message>
    <message>
        <source>The cluster was not unfrozen: %1</source>
        <translation>集群未解除冻结：%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::GoToPresenter</name>
    <message>
        <source>machines that run it</source>
        <translation>运行它的机器</translation>
    </message>
    <message>
        <source>#%1 %2 %3</source>
        <comment>a release: number, agent, versions</comment>
        <translation>#%1 %2 %3</translation>
    </message>
    <message>
        <source>%1 of %2 shown</source>
        <translation>显示 %1，共 %2</translation>
    </message>
    <message>
        <source>%1 of %2 machines</source>
        <comment>are in a list</comment>
        <translation>显示 %1 台机器，共 %2 台</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::HeadKeeper</name>
    <message>
        <source>This master handed out a head of the audit that no master of the cluster signed. %1 Ask who runs the masters what answers at this address.</source>
        <translation>此 master 给出的审计链头不是由本集群的任何 master 签名的。%1请向 master 的管理员确认此地址上是什么在应答。</translation>
    </message>
    <message>
        <source>No heads of the audit are kept. %1</source>
        <translation>未能保存审计链头。%1</translation>
    </message>
    <message>
        <source>The audit was rewritten: row %1 is no longer there, but master %2 signed it at %3, and that head is kept here.</source>
        <translation>审计已被改写：第 %1 条记录已不存在，但 master %2 曾于 %3 对其签名，该链头保存在这里。</translation>
    </message>
    <message>
        <source>The audit was rewritten: row %1 is not the one that master %2 signed at %3, of which the head is kept here.</source>
        <translation>审计已被改写：第 %1 条记录不是 master %2 于 %3 签名的那一条，该链头保存在这里。</translation>
    </message>
    <message>
        <source>Up to row %1 it is what it was at %2.</source>
        <translation>第 %1 条及之前与 %2 时一致。</translation>
    </message>
    <message>
        <source>No head that is kept here agrees with it.</source>
        <translation>这里保存的链头没有一个与之相符。</translation>
    </message>
    <message>
        <source>If the database was restored from a backup, the audit has a row cluster.restore: then run “ifritctl audit forget --from-row %1”. Else somebody wrote to the database by hand: compare its rows with a backup.</source>
        <translation>若数据库是从备份恢复的，审计中会有一条 cluster.restore：此时运行“ifritctl audit forget --from-row %1”。否则是有人手动改写了数据库：将其记录与备份对比。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineDetailPresenter</name>
    <message>
        <source>pin %1</source>
        <translation>账号 %1</translation>
    </message>
    <message>
        <source>not running</source>
        <translation>未运行</translation>
    </message>
    <message>
        <source> · attempt %1</source>
        <translation> · 第 %1 次尝试</translation>
    </message>
    <message>
        <source> · next retry %1</source>
        <translation> · 下次重试 %1</translation>
    </message>
    <message>
        <source> · deadline %1</source>
        <translation> · 时限 %1</translation>
    </message>
    <message>
        <source>%1, files</source>
        <translation>%1 文件</translation>
    </message>
    <message>
        <source>Host name</source>
        <translation>主机名</translation>
    </message>
    <message>
        <source>System</source>
        <translation>系统</translation>
    </message>
    <message>
        <source>ifrit-agent</source>
        <translation>ifrit-agent</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>批次</translation>
    </message>
    <message>
        <source>not on the ring</source>
        <translation>不在哈希环上</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最近联系</translation>
    </message>
    <message>
        <source>First seen</source>
        <translation>首次联系</translation>
    </message>
    <message>
        <source>No machine is chosen.</source>
        <translation>未选择机器。</translation>
    </message>
    <message>
        <source>This machine remembers no bad version.</source>
        <translation>这台机器没有记住任何问题版本。</translation>
    </message>
    <message>
        <source>Let %1 try bad versions again?</source>
        <translation>让 %1 重试问题版本？</translation>
    </message>
    <message>
        <source>The machine put these versions back by itself. If one is still desired, it is downloaded and started again.</source>
        <translation>这些版本由机器自行回退。若仍是期望版本，将重新下载并启动。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Loading.</source>
        <translation>加载中。</translation>
    </message>
    <message>
        <source>Nothing says what this machine should run.</source>
        <translation>没有任何内容说明这台机器应运行什么。</translation>
    </message>
    <message>
        <source>No agent runs on it, and none is desired.</source>
        <translation>上面没有 Agent 在运行，也没有期望运行的 Agent。</translation>
    </message>
    <message>
        <source>Nothing is known to have happened on it.</source>
        <translation>尚无这台机器的事件记录。</translation>
    </message>
    <message numerus="yes">
        <source>, and %1 agent(s) more</source>
        <translation>
            <numerusform>，另有 %1 个 Agent</numerusform>
        </translation>
    </message>
    <message>
        <source>%1, last heard %2</source>
        <translation>%1，最近一次联系 %2</translation>
    </message>
    <message>
        <source>%1 since %2</source>
        <translation>%1，自 %2 起</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>%1, package %2</source>
        <translation>%1，包 %2</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineFacets</name>
    <message>
        <source>This cannot be written in a filter, which has no quotes: a space, a comma or a / in front means something else there.</source>
        <translation>此值无法写入筛选条件：筛选语法没有引号，空格、逗号和开头的 / 在其中另有含义。</translation>
    </message>
    <message>
        <source>%1 and %2 more</source>
        <translation>%1 另有 %2 个</translation>
    </message>
    <message>
        <source>Write %1 in the filter: it offers all of them.</source>
        <translation>在筛选框中输入 %1，即可列出全部。</translation>
    </message>
    <message>
        <source>%1 and more than %2 more</source>
        <translation>%1 另有超过 %2 个</translation>
    </message>
    <message>
        <source>%1 and others</source>
        <translation>%1 另有其他</translation>
    </message>
    <message>
        <source>There are so many that not all of them are counted. Write %1 in the filter: it offers those that are.</source>
        <translation>数量过多，未全部计入。在筛选框中输入 %1，即可列出已计入的部分。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineLogPresenter</name>
    <message>
        <source>This machine reports no agent.</source>
        <translation>这台机器没有上报任何 Agent。</translation>
    </message>
    <message>
        <source>The machine is asked already.</source>
        <translation>已在向机器请求。</translation>
    </message>
    <message>
        <source>Asking the machine…</source>
        <translation>正在向机器请求…</translation>
    </message>
    <message>
        <source>Its log is empty.</source>
        <translation>日志为空。</translation>
    </message>
    <message>
        <source>As of %1</source>
        <translation>截至 %1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineRemovalPresenter</name>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 台</translation>
    </message>
    <message>
        <source>At most %1 machines are removed at once.</source>
        <translation>一次最多移除 %1 台机器。</translation>
    </message>
    <message>
        <source>No machine is chosen.</source>
        <translation>未选择机器。</translation>
    </message>
    <message>
        <source>Remove %1?</source>
        <translation>移除 %1？</translation>
    </message>
    <message numerus="yes">
        <source>Remove %1 machine(s)?</source>
        <translation>
            <numerusform>移除 %1 台机器？</numerusform>
        </translation>
    </message>
    <message>
        <source>What is known of them goes, their certificates are revoked, and releases go on without them. What runs on them stays. They join again only with a new join token.</source>
        <translation>其全部记录被移除，证书被吊销，发布不再计入它们。其上运行的程序保持不变。只有使用新的加入令牌才能再次加入。</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最近联系</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) of these were heard of in the last %2 minutes. Stop ifrit there and wait that long.</source>
        <translation>
            <numerusform>其中 %1 台机器在最近 %2 分钟内有过联系。先在其上停止 ifrit，再等待同样长的时间。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) of these are not in the cluster any more.</source>
        <translation>
            <numerusform>其中 %1 台机器已不在集群中。</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineRevocationPresenter</name>
    <message>
        <source>No machine is chosen.</source>
        <translation>未选择机器。</translation>
    </message>
    <message>
        <source>Revoke the certificates of %1?</source>
        <translation>吊销 %1 的证书？</translation>
    </message>
    <message>
        <source>It is refused from now on and what it has open ends: it gets no new version, and reports nothing. What runs on it goes on. It comes back only with a join token that names it.</source>
        <translation>从现在起拒绝该机器，其已打开的连接会结束：它收不到新版本，也不再上报。其上运行的程序保持不变。只有使用指明该机器的加入令牌才能恢复。</translation>
    </message>
    <message>
        <source>Last seen</source>
        <translation>最近联系</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>吊销</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2 certificate(s) revoked.</source>
        <translation>
            <numerusform>%1：已吊销 %2 个证书。</numerusform>
        </translation>
    </message>
    <message>
        <source>Choose one machine: each is revoked by itself.</source>
        <translation>请只选择一台机器：证书需逐台吊销。</translation>
    </message>
    <message>
        <source>The machine is not in the cluster any more: with that its certificates were revoked.</source>
        <translation>该机器已不在集群中：其证书已随之吊销。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachineUsage</name>
    <message>
        <source>No agent of this machine has reported what it uses.</source>
        <translation>此机器尚无 Agent 上报资源用量。</translation>
    </message>
    <message>
        <source>One sample so far: each report of the machine adds one while it is shown.</source>
        <translation>目前只有一个样本：显示期间，机器每次上报增加一个。</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Memory of %1</source>
        <translation>%1 的内存</translation>
    </message>
    <message>
        <source>CPU use of %1</source>
        <translation>%1 的 CPU 使用率</translation>
    </message>
    <message>
        <source>CPU use</source>
        <translation>CPU 使用率</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MachinesPresenter</name>
    <message>
        <source>%1 (at character %2)</source>
        <translation>%1（第 %2 个字符处）</translation>
    </message>
    <message>
        <source>%1 shown · %2 matching · %3 in all</source>
        <translation>显示 %1 · 匹配 %2 · 共 %3</translation>
    </message>
    <message>
        <source>The filter cannot be read; nothing matches the one before it.</source>
        <translation>无法识别此筛选条件；没有符合上一个条件的项。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MapColoring</name>
    <message>
        <source>silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>watching</source>
        <translation>观察中</translation>
    </message>
    <message>
        <source>in flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>no agent yet</source>
        <translation>尚无 Agent</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>others</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>under 1 min</source>
        <translation>1 分钟内</translation>
    </message>
    <message>
        <source>under 5 min</source>
        <translation>5 分钟内</translation>
    </message>
    <message>
        <source>under 1 h</source>
        <translation>1 小时内</translation>
    </message>
    <message>
        <source>under 1 d</source>
        <translation>1 天内</translation>
    </message>
    <message>
        <source>older</source>
        <translation>更早</translation>
    </message>
    <message>
        <source>failed or reverted</source>
        <translation>失败或回退</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MapGroups</name>
    <message>
        <source>No batch</source>
        <translation>无批次</translation>
    </message>
    <message>
        <source>No pin</source>
        <translation>无账号</translation>
    </message>
    <message>
        <source>No %1</source>
        <translation>无 %1</translation>
    </message>
    <message>
        <source>All machines</source>
        <translation>全部机器</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MapPresenter</name>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>Healthy</source>
        <translation>健康</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>no contact since %1</source>
        <translation>自 %1 起无联系</translation>
    </message>
    <message>
        <source>not reached yet</source>
        <translation>尚未连通</translation>
    </message>
    <message>
        <source>%1 of %2 clusters answer. No answer from: %3.</source>
        <translation>%2 个集群中 %1 个应答。无应答：%3。</translation>
    </message>
    <message>
        <source>The master does not sum up the cluster now: %1</source>
        <translation>master 目前无法汇总集群数据：%1</translation>
    </message>
    <message>
        <source>Machines by state</source>
        <translation>按状态统计的机器</translation>
    </message>
    <message>
        <source>By state, in %1 of %2 clusters</source>
        <translation>按状态，%2 个集群中的 %1 个</translation>
    </message>
    <message>
        <source>in %1 of %2 clusters</source>
        <translation>%2 个集群中的 %1 个</translation>
    </message>
    <message>
        <source>Watching</source>
        <translation>观察中</translation>
    </message>
    <message>
        <source>%1 %2.</source>
        <comment>one sentence behind the other</comment>
        <translation>%1%2。</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>重试</translation>
    </message>
    <message>
        <source>Failed or reverted</source>
        <translation>失败或回退</translation>
    </message>
    <message numerus="yes">
        <source>%1 cluster(s) · %2 answering</source>
        <translation>
            <numerusform>%1 个集群 · %2 个有应答</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source> · %1 refuse(s) you</source>
        <translation>
            <numerusform> · %1 个拒绝你</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::MasterLoadPresenter</name>
    <message>
        <source>Does not answer: %1.</source>
        <translation>无应答：%1。</translation>
    </message>
    <message>
        <source>Tells no load: %1.</source>
        <translation>未上报负载：%1。</translation>
    </message>
    <message>
        <source>Too few samples yet: a master takes one every 10 seconds.</source>
        <translation>样本太少：master 每 10 秒采样一次。</translation>
    </message>
    <message>
        <source>%1 leads</source>
        <translation>%1 为主</translation>
    </message>
    <message numerus="yes">
        <source>%1 poll(s) were told to come later</source>
        <translation>
            <numerusform>%1 次轮询被推迟</numerusform>
        </translation>
    </message>
    <message>
        <source>Polls per second</source>
        <translation>每秒轮询数</translation>
    </message>
    <message>
        <source>How long a poll takes</source>
        <translation>轮询耗时</translation>
    </message>
    <message>
        <source>No machine has polled in this hour.</source>
        <translation>一小时内没有机器轮询。</translation>
    </message>
    <message>
        <source>dashed: the median · solid: 99 of 100 are not above</source>
        <translation>虚线：中位数 · 实线：第 99 百分位</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::NewCampaignPresenter</name>
    <message>
        <source>The clusters are asked.</source>
        <translation>正在询问各集群。</translation>
    </message>
    <message>
        <source>Choose the release that it is made from.</source>
        <translation>选择作为来源的发布。</translation>
    </message>
    <message>
        <source>Give it a name of at most 128 bytes.</source>
        <translation>填写名称，最多 128 字节。</translation>
    </message>
    <message>
        <source>Choose two clusters or more; for one cluster make a release.</source>
        <translation>选择两个以上的集群；只有一个集群时新建发布。</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>Release #%1 is %2: the campaign would bring the same version everywhere.</source>
        <translation>发布 #%1 的状态是“%2”：这次跨集群发布会把同一版本带到所有集群。</translation>
    </message>
    <message>
        <source>Release #%1 brings %2, which is older than %3 of release #%4: the campaign would go back to it everywhere.</source>
        <translation>发布 #%1 的版本 %2 比发布 #%4 的 %3 旧：此跨集群发布会让各处退回旧版本。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::NewReleasePresenter</name>
    <message>
        <source>No package is published yet: publish one first.</source>
        <translation>还没有上传任何安装包，请先上传。</translation>
    </message>
    <message>
        <source>Choose an agent.</source>
        <translation>请选择 Agent。</translation>
    </message>
    <message>
        <source>Choose a version.</source>
        <translation>请选择版本。</translation>
    </message>
    <message>
        <source>Choose at least one machine type.</source>
        <translation>请至少选择一种机器类型。</translation>
    </message>
    <message>
        <source>Name the gray machines: uuids, a pin or labels. Or release without a gray stage.</source>
        <translation>请指定灰度机器：uuid、账号或标签；或不设灰度阶段。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no uuid.</source>
        <translation>“%1”不是 uuid。</translation>
    </message>
    <message>
        <source>There is no machine %1 in this cluster.</source>
        <translation>此集群中没有机器 %1。</translation>
    </message>
    <message>
        <source>Write labels as key=value.</source>
        <translation>标签请写成 key=value。</translation>
    </message>
    <message>
        <source>The gray list matches no machine.</source>
        <translation>灰度名单没有匹配任何机器。</translation>
    </message>
    <message>
        <source>The reason is longer than 1024 bytes.</source>
        <translation>原因超过 1024 字节。</translation>
    </message>
    <message>
        <source>Start has not been answered yet.</source>
        <translation>启动请求尚未得到应答。</translation>
    </message>
    <message>
        <source>There is no plan yet.</source>
        <translation>还没有计划。</translation>
    </message>
    <message>
        <source>Start would be refused: see the conflicts.</source>
        <translation>启动会被拒绝，请查看冲突。</translation>
    </message>
    <message>
        <source>The gray machines change now, the others after you verify.</source>
        <translation>灰度机器现在变更，其余机器在你验证之后变更。</translation>
    </message>
    <message>
        <source>The pilot&apos;s machines change now, the others after you verify.</source>
        <translation>小流量机器现在变更，其余机器在你验证之后变更。</translation>
    </message>
    <message>
        <source>Batch %1 changes now, the others one after another.</source>
        <translation>第 %1 批现在变更，其余批次依次进行。</translation>
    </message>
    <message>
        <source>There is no stage before full: every machine changes at once.</source>
        <translation>全量之前没有任何阶段，所有机器将同时变更。</translation>
    </message>
    <message>
        <source>Start %1 %2?</source>
        <translation>启动 %1 %2？</translation>
    </message>
    <message>
        <source>uninstall</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>The master has not answered yet.</source>
        <translation>master 尚未应答。</translation>
    </message>
    <message>
        <source>The release was not started and stays a draft: %1</source>
        <translation>发布未启动，仍为草稿：%1</translation>
    </message>
    <message>
        <source>It is not known whether release %1 was started: %2 was left before its master had answered.</source>
        <translation>无法确定发布 %1 是否已启动：master 应答之前，与 %2 的连接已断开。</translation>
    </message>
    <message numerus="yes">
        <source>%1 more machine(s) are left out that the plan does not name.</source>
        <translation>
            <numerusform>另有 %1 台机器未纳入，计划中没有逐一列出。</numerusform>
        </translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>%1 %2 in %3</source>
        <comment>agent, versions, cluster</comment>
        <translation>集群 %3：%1 %2</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>The packages could not be read. %1</source>
        <translation>无法读取安装包。%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::OperationModel</name>
    <message>
        <source>%1 ms</source>
        <translation>%1 毫秒</translation>
    </message>
    <message>
        <source>running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>已取消</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>What</source>
        <translation>内容</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Began</source>
        <translation>开始</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>应答</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackageDifference</name>
    <message>
        <source>%1 for %2</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>Against %1: fields %2 · files %3</source>
        <translation>对比 %1：字段 %2 · 文件 %3</translation>
    </message>
    <message>
        <source>Not connected.</source>
        <translation>未连接。</translation>
    </message>
    <message>
        <source>Reading both manifests…</source>
        <translation>正在读取两份清单…</translation>
    </message>
    <message>
        <source>No older version of this agent is published for its machine types.</source>
        <translation>此 Agent 在这些机器类型上没有更早的版本。</translation>
    </message>
    <message>
        <source>Nothing differs but the version and the archive.</source>
        <translation>除版本和归档外没有差异。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackageReleases</name>
    <message numerus="yes">
        <source>%1 release(s) brought this version</source>
        <translation>
            <numerusform>%1 次发布使用了此版本</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>among the newest %1 of this agent, more to load</source>
        <translation>
            <numerusform>此 Agent 最新的 %1 次之中，还有更多可加载</numerusform>
        </translation>
    </message>
    <message>
        <source>Reading the releases…</source>
        <translation>正在读取发布…</translation>
    </message>
    <message>
        <source>Not connected.</source>
        <translation>未连接。</translation>
    </message>
    <message>
        <source>None of those that were read brought this version.</source>
        <translation>已读取的发布都没有使用此版本。</translation>
    </message>
    <message>
        <source>No release has brought this version to a machine.</source>
        <translation>没有发布使用过此版本。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackageSpread</name>
    <message>
        <source>Machines by their version of %1</source>
        <translation>按 %1 的版本统计的机器</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s) run it</source>
        <translation>
            <numerusform>%1 台机器正在运行</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 are to change</source>
        <translation>
            <numerusform>%1 台将变更</numerusform>
        </translation>
    </message>
    <message>
        <source>The machines have not been loaded yet.</source>
        <translation>机器尚未加载。</translation>
    </message>
    <message>
        <source>No machine runs %1, and none is to.</source>
        <translation>没有机器运行 %1，也没有机器将要运行。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PackagesPresenter</name>
    <message>
        <source>Machine types</source>
        <translation>机器类型</translation>
    </message>
    <message>
        <source>Running on</source>
        <translation>运行机器</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>Archive</source>
        <translation>归档</translation>
    </message>
    <message numerus="yes">
        <source>%1, unpacked %2, %3 file(s)</source>
        <translation>
            <numerusform>%1，解包后 %2，%3 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Published</source>
        <translation>上传</translation>
    </message>
    <message>
        <source>%1 by %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>Manifest</source>
        <translation>清单</translation>
    </message>
    <message>
        <source>Signed by key</source>
        <translation>签名密钥</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>描述</translation>
    </message>
    <message>
        <source>A package is being published.</source>
        <translation>正在上传一个安装包。</translation>
    </message>
    <message>
        <source>Checking %1.</source>
        <translation>正在检查 %1。</translation>
    </message>
    <message>
        <source>Publishing %1 was cancelled; what was uploaded is used the next time.</source>
        <translation>已取消上传 %1，已传的部分下次可续用。</translation>
    </message>
    <message>
        <source>Uploading %1: %2 of %3.</source>
        <translation>正在上传 %1：%2 / %3。</translation>
    </message>
    <message>
        <source>The master checks %1.</source>
        <translation>master 正在检查 %1。</translation>
    </message>
    <message>
        <source>%1 %2 was there already; nothing changed.</source>
        <translation>%1 %2 已存在，未做改动。</translation>
    </message>
    <message>
        <source>%1 %2 is published.</source>
        <translation>%1 %2 已上传。</translation>
    </message>
    <message>
        <source>No package is chosen.</source>
        <translation>未选择安装包。</translation>
    </message>
    <message>
        <source>The package is in use: something desires it, or a release names it.</source>
        <translation>安装包正在使用：它是某处的期望版本，或被某次发布引用。</translation>
    </message>
    <message>
        <source>Delete %1 %2?</source>
        <translation>删除 %1 %2？</translation>
    </message>
    <message>
        <source>The archive goes away from the master. Publishing it again needs the file.</source>
        <translation>归档将从 master 删除，再次上传需要原文件。</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>删除</translation>
    </message>
    <message>
        <source>Type the number of packages, 1, to go on</source>
        <translation>请输入安装包的数量 1 以继续</translation>
    </message>
    <message>
        <source> · more to load</source>
        <translation> · 还有更多</translation>
    </message>
    <message>
        <source>No package is published yet. Drop a package file here.</source>
        <translation>还没有上传任何安装包。可将安装包文件拖放到这里。</translation>
    </message>
    <message>
        <source>Publish a package…</source>
        <translation>上传安装包…</translation>
    </message>
    <message>
        <source>None of the packages that were read so far matches the filter.</source>
        <translation>已读取的安装包中没有符合筛选条件的。</translation>
    </message>
    <message>
        <source>No package matches the filter.</source>
        <translation>没有符合筛选条件的安装包。</translation>
    </message>
    <message>
        <source>%1 %2 was there already; its archive was missing and was put back.</source>
        <translation>%1 %2 已存在；其归档文件缺失，已重新放回。</translation>
    </message>
    <message numerus="yes">
        <source>%1 package(s)</source>
        <translation>
            <numerusform>%1 个安装包</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 agent(s)</source>
        <translation>
            <numerusform>%1 个 Agent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PendingChange</name>
    <message>
        <source>The last change has not been answered yet.</source>
        <translation>上一次更改尚未得到答复。</translation>
    </message>
    <message>
        <source>Nothing was changed: %1</source>
        <translation>未作任何更改：%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::PlanFacts</name>
    <message>
        <source>%1 %2</source>
        <translation>%1 台 %2</translation>
    </message>
    <message>
        <source>%1 on %2</source>
        <translation>%1：%2 台</translation>
    </message>
    <message>
        <source>not installed</source>
        <translation>未安装</translation>
    </message>
    <message>
        <source> · now </source>
        <translation> · 现为 </translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message>
        <source>%1 of the cluster&apos;s %2</source>
        <translation>%1（集群共 %2）</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载量</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>预计用时</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>将变更</translation>
    </message>
    <message>
        <source>Approved by</source>
        <translation>批准人</translation>
    </message>
    <message>
        <source>nobody yet</source>
        <translation>尚无</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>no machine is left for it</source>
        <translation>没有剩下的机器</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>and %1 more</source>
        <translation>另有 %1 台</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>被拒绝</translation>
    </message>
    <message numerus="yes">
        <source>%1 change</source>
        <comment>machines of a stage</comment>
        <translation>
            <numerusform>%1 台变更</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%1 of these silent</source>
        <comment>machines of a stage</comment>
        <translation>
            <numerusform>其中 %1 台失联</numerusform>
        </translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
    <message numerus="yes">
        <source>%1 of these, with %2 of the download: they follow when they are back, and nothing waits for them</source>
        <comment>machines that change</comment>
        <translation>
            <numerusform>其中 %1 台，占下载量 %2：恢复联系后再跟上，其他步骤不等它们</numerusform>
        </translation>
    </message>
    <message>
        <source>nobody yet; what %1 approved no longer holds</source>
        <translation>尚无；%1 批准的计划已不再有效</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>最多 %1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReceiptCarrier</name>
    <message>
        <source>%1 did not take what was carried to it: %2</source>
        <translation>%1 没有接受带给它的内容：%2</translation>
    </message>
    <message>
        <source>Carried the receipt of %1 to %2 at %3.</source>
        <translation>%3 已把 %1 的回执带给 %2。</translation>
    </message>
    <message>
        <source>Carried the campaign to %1 at %2.</source>
        <translation>%2 已把跨集群发布带给 %1。</translation>
    </message>
    <message>
        <source>%1 was not reached with what is carried to it, and is tried again: %2</source>
        <translation>未能将所携带的内容送达 %1，将会重试：%2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleaseCharts</name>
    <message>
        <source>No release is chosen.</source>
        <translation>未选择发布。</translation>
    </message>
    <message>
        <source>Loading.</source>
        <translation>加载中。</translation>
    </message>
    <message>
        <source>Too few samples: %1 of at least %2 machines reported what the agent costs before and after.</source>
        <translation>样本太少：至少需要 %2 台机器上报前后开销，目前 %1 台。</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 of %2 converged machines measured</source>
        <translation>已收敛 %2 台中有 %1 台有样本</translation>
    </message>
    <message>
        <source>%1, median %2</source>
        <translation>%1，中位数 %2</translation>
    </message>
    <message>
        <source>before</source>
        <translation>之前</translation>
    </message>
    <message>
        <source>after</source>
        <translation>之后</translation>
    </message>
    <message>
        <source>median %1 %</source>
        <translation>中位数 %1 %</translation>
    </message>
    <message>
        <source>no cost gate</source>
        <translation>无开销门禁</translation>
    </message>
    <message>
        <source>Memory of the agent</source>
        <translation>Agent 的内存</translation>
    </message>
    <message>
        <source>Processor time of the agent</source>
        <translation>Agent 的处理器时间</translation>
    </message>
    <message>
        <source>The release has not been started.</source>
        <translation>发布尚未启动。</translation>
    </message>
    <message>
        <source>No machine has converged yet.</source>
        <translation>尚无机器收敛。</translation>
    </message>
    <message>
        <source>converged</source>
        <translation>已收敛</translation>
    </message>
    <message>
        <source>the plan&apos;s earliest</source>
        <translation>计划最早</translation>
    </message>
    <message>
        <source>estimated from %1 machines</source>
        <translation>由 %1 台机器估算</translation>
    </message>
    <message>
        <source>Machines that converged</source>
        <translation>已收敛的机器</translation>
    </message>
    <message>
        <source>+%1 % and +%2</source>
        <translation>+%1 % 且 +%2</translation>
    </message>
    <message>
        <source>%1 % of a core</source>
        <translation>一个核的 %1 %</translation>
    </message>
    <message>
        <source>too few for the gate at %1, which judges %2</source>
        <translation>门禁 %1：样本太少，至少要 %2 台</translation>
    </message>
    <message>
        <source>passes the gate at %1</source>
        <translation>通过门禁 %1</translation>
    </message>
    <message>
        <source>passes the gates of its stages</source>
        <translation>通过各阶段的门禁</translation>
    </message>
    <message>
        <source>All open stages</source>
        <translation>所有已打开的阶段</translation>
    </message>
    <message>
        <source>%1: above the gate at %2</source>
        <translation>%1：超出门禁 %2</translation>
    </message>
    <message>
        <source>%1: above the gate at %2, halts</source>
        <translation>%1：超出门禁 %2，熔断</translation>
    </message>
    <message>
        <source>%1: above the gate at %2, accepted by an operator</source>
        <translation>%1：超出门禁 %2，操作员已接受</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleaseFormRules</name>
    <message>
        <source>&quot;%1&quot; is no batch: write the order as 3 1 2.</source>
        <translation>“%1”不是批次：请把顺序写成 3 1 2。</translation>
    </message>
    <message>
        <source>The order names batch %1 twice.</source>
        <translation>顺序中批次 %1 出现了两次。</translation>
    </message>
    <message>
        <source>There is no batch %1: this cluster has %2.</source>
        <translation>没有批次 %1：本集群共有 %2 个批次。</translation>
    </message>
    <message>
        <source>The order has to name each of the %1 batches once; batch %2 is missing.</source>
        <translation>顺序须包含 %1 个批次各一次；缺少批次 %2。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no gate: write it as silent@batch=10%,2,5, that is kind, stage, percent, machines, least sample. Kinds are bad, failed, timed-out, silent, crash-looping and integrity; stages gray, pilot, batch and full.</source>
        <translation>“%1”不是门禁：请写成 silent@batch=10%,2,5，依次为类别、阶段、百分比、台数、最少样本。类别有 bad、failed、timed-out、silent、crash-looping、integrity；阶段有 gray、pilot、batch、full。</translation>
    </message>
    <message>
        <source>There are two gates &quot;%1&quot; for the same stage.</source>
        <translation>同一阶段有两条“%1”门禁。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no window: write it as Mon-Fri 09:00-17:00.</source>
        <translation>“%1”不是时间窗口：请写成 Mon-Fri 09:00-17:00。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no date: write it as 2026-12-24 or 2026-12-24..2027-01-02.</source>
        <translation>“%1”不是日期：请写成 2026-12-24 或 2026-12-24..2027-01-02。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no time zone: write it as Asia/Shanghai.</source>
        <translation>“%1”不是时区：请写成 Asia/Shanghai。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no limit of cost: write it as full=20%,1.5,8MiB,9, that is stage, percent, percent of a core, memory, least sample; or gray=none. Stages are gray, pilot, batch and full; the least sample is 5.</source>
        <translation>“%1”不是开销上限：请写成 full=20%,1.5,8MiB,9，即阶段、百分比、单核百分比、内存、最少样本；或 gray=none。阶段有 gray、pilot、batch 和 full；样本至少为 5。</translation>
    </message>
    <message>
        <source>There are two limits of cost for the same stage: &quot;%1&quot;.</source>
        <translation>同一阶段有两个开销上限：“%1”。</translation>
    </message>
    <message>
        <source>&quot;%1&quot; is no download rate: write it as 2MB/s or 512KiB/s, from 64KiB/s to 1TiB/s.</source>
        <translation>“%1”不是下载速率：请写成 2MB/s 或 512KiB/s，范围为 64KiB/s 到 1TiB/s。</translation>
    </message>
    <message>
        <source>The end of &quot;%1&quot; is before its start.</source>
        <translation>“%1”的结束早于开始。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleaseNoticeWords</name>
    <message>
        <source>drafted</source>
        <translation>起草</translation>
    </message>
    <message>
        <source>started</source>
        <translation>启动</translation>
    </message>
    <message>
        <source>stage opened</source>
        <translation>阶段开启</translation>
    </message>
    <message>
        <source>waits</source>
        <translation>等待</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>暂停</translation>
    </message>
    <message>
        <source>resumed</source>
        <translation>恢复</translation>
    </message>
    <message>
        <source>halted</source>
        <translation>熔断</translation>
    </message>
    <message>
        <source>rolling back</source>
        <translation>开始回滚</translation>
    </message>
    <message>
        <source>rolled back</source>
        <translation>回滚完成</translation>
    </message>
    <message>
        <source>aborted</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>#%1 %2 %3</source>
        <comment>a release: number, agent, versions</comment>
        <translation>#%1 %2 %3</translation>
    </message>
    <message>
        <source>%1 was drafted</source>
        <translation>%1 已起草</translation>
    </message>
    <message>
        <source>%1 was started</source>
        <translation>%1 已启动</translation>
    </message>
    <message>
        <source>%1: stage %2 opened</source>
        <translation>%1：%2阶段已开启</translation>
    </message>
    <message>
        <source>%1 was paused</source>
        <translation>%1 已暂停</translation>
    </message>
    <message>
        <source>%1 was resumed</source>
        <translation>%1 已恢复</translation>
    </message>
    <message>
        <source>%1 was halted at stage %2</source>
        <translation>%1 在%2阶段熔断</translation>
    </message>
    <message>
        <source>%1 was halted: %2</source>
        <translation>%1 已熔断：%2</translation>
    </message>
    <message>
        <source>%1 is being rolled back</source>
        <translation>%1 正在回滚</translation>
    </message>
    <message>
        <source>%1 was rolled back</source>
        <translation>%1 已回滚</translation>
    </message>
    <message>
        <source>%1 was aborted</source>
        <translation>%1 已中止</translation>
    </message>
    <message>
        <source>%1 is done</source>
        <translation>%1 已完成</translation>
    </message>
    <message>
        <source>What each machine did in this release is not kept any more. Its counts, timeline and audit are.</source>
        <translation>本次发布的逐机明细已不再保留；统计、时间线和审计仍在。</translation>
    </message>
    <message>
        <source>discarded</source>
        <translation>已丢弃</translation>
    </message>
    <message>
        <source>The draft of %1 was discarded</source>
        <translation>%1 的草稿已丢弃</translation>
    </message>
    <message>
        <source>%1 waits for an operator at stage %2</source>
        <translation>%1 在%2阶段等待操作人</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleasePresenter</name>
    <message>
        <source>Release</source>
        <translation>发布</translation>
    </message>
    <message>
        <source>release %1</source>
        <translation>发布 %1</translation>
    </message>
    <message>
        <source>by %1, %2</source>
        <translation>%1，%2</translation>
    </message>
    <message>
        <source>ended %1</source>
        <translation>结束于 %1</translation>
    </message>
    <message>
        <source>Converged</source>
        <translation>已收敛</translation>
    </message>
    <message>
        <source>of %1</source>
        <translation>/ %1</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Reverted</source>
        <translation>已回退</translation>
    </message>
    <message>
        <source>Silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>Offline, later</source>
        <translation>离线待补</translation>
    </message>
    <message>
        <source>Skipped</source>
        <translation>已跳过</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Running for</source>
        <translation>已进行</translation>
    </message>
    <message>
        <source>interval over</source>
        <translation>间隔已到</translation>
    </message>
    <message>
        <source>next in %1</source>
        <translation>%1 后下一批</translation>
    </message>
    <message>
        <source>soak over</source>
        <translation>观察期结束</translation>
    </message>
    <message>
        <source>soak %1 left</source>
        <translation>观察期剩余 %1</translation>
    </message>
    <message>
        <source>Error budget</source>
        <translation>失败配额</translation>
    </message>
    <message numerus="yes">
        <source>%1 machine(s)</source>
        <translation>
            <numerusform>%1 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>ok</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>already</source>
        <translation>无需变更</translation>
    </message>
    <message>
        <source>in flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>not open yet</source>
        <translation>尚未开启</translation>
    </message>
    <message>
        <source>closed %1</source>
        <translation>关闭于 %1</translation>
    </message>
    <message>
        <source>open since %1</source>
        <translation>%1 开启</translation>
    </message>
    <message numerus="yes">
        <source>%1 bad, %2 is/are let through</source>
        <translation>
            <numerusform>异常 %1，容许 %2</numerusform>
        </translation>
    </message>
    <message>
        <source>No release is open.</source>
        <translation>未打开任何发布。</translation>
    </message>
    <message>
        <source>The last verb has not been answered yet.</source>
        <translation>上一个操作尚未得到应答。</translation>
    </message>
    <message>
        <source>A release that is %1 cannot do this.</source>
        <translation>发布当前为“%1”，不能执行此操作。</translation>
    </message>
    <message>
        <source>The first stage opens, and its machines change their version.</source>
        <translation>第一个阶段开启，其机器将更换版本。</translation>
    </message>
    <message>
        <source>The release ends now. Machines that have the new version keep it, the others keep the old one.</source>
        <translation>发布立即结束。已换新版本的机器保留新版本，其余保留旧版本。</translation>
    </message>
    <message>
        <source>No further machine switches until the release is resumed.</source>
        <translation>在发布恢复之前，不再有机器切换版本。</translation>
    </message>
    <message>
        <source>Machines go on switching.</source>
        <translation>机器继续切换版本。</translation>
    </message>
    <message>
        <source>Machines that failed try again.</source>
        <translation>失败的机器将重试。</translation>
    </message>
    <message>
        <source>%1 %2?</source>
        <comment>a verb and its release</comment>
        <translation>%1 %2？</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Machines</source>
        <translation>机器</translation>
    </message>
    <message numerus="yes">
        <source>You confirmed %1 machine(s), the master counts %2.</source>
        <translation>
            <numerusform>你确认的是 %1 台机器，master 统计为 %2 台。</numerusform>
        </translation>
    </message>
    <message>
        <source>approved by %1, %2</source>
        <translation>%1 已批准，%2</translation>
    </message>
    <message>
        <source>needs an approval</source>
        <translation>需要批准</translation>
    </message>
    <message>
        <source>changes from %1</source>
        <translation>%1 起变更</translation>
    </message>
    <message>
        <source>You made this release: somebody else has to approve it.</source>
        <translation>此发布由你创建：须由他人批准。</translation>
    </message>
    <message>
        <source>You approved it: somebody else has to start it.</source>
        <translation>此发布由你批准：须由他人启动。</translation>
    </message>
    <message>
        <source>You say that this plan may run. Somebody else starts it; you cannot any more.</source>
        <translation>你确认此计划可以运行。之后须由他人启动，你不能再启动它。</translation>
    </message>
    <message>
        <source>No machine of this release has failed.</source>
        <translation>此发布没有失败的机器。</translation>
    </message>
    <message>
        <source>No machine is part of it yet.</source>
        <translation>尚无机器参与。</translation>
    </message>
    <message>
        <source>Nothing has happened yet.</source>
        <translation>尚未发生任何事。</translation>
    </message>
    <message>
        <source>Nobody has acted on it yet.</source>
        <translation>尚无人操作。</translation>
    </message>
    <message>
        <source>Loading.</source>
        <translation>加载中。</translation>
    </message>
    <message>
        <source>Current stage</source>
        <translation>当前阶段</translation>
    </message>
    <message>
        <source>Reasons of the first %1 of %2.</source>
        <translation>原因来自 %2 台中的前 %1 台。</translation>
    </message>
    <message>
        <source>Release %1:</source>
        <translation>发布 %1：</translation>
    </message>
    <message>
        <source>Machines a minute</source>
        <translation>每分钟机器数</translation>
    </message>
    <message>
        <source>on average</source>
        <translation>平均</translation>
    </message>
    <message>
        <source>Ends, at the earliest</source>
        <translation>最早结束于</translation>
    </message>
    <message>
        <source>Ends, estimated</source>
        <translation>预计结束于</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1 后</translation>
    </message>
    <message>
        <source>at most %1, the deadline of each machine</source>
        <translation>至多 %1（每台机器的时限）</translation>
    </message>
    <message>
        <source>nothing: no machine is left for it</source>
        <translation>无：没有剩余的机器</translation>
    </message>
    <message>
        <source>about %1, as the machines before</source>
        <translation>约 %1，与此前的机器相同</translation>
    </message>
    <message>
        <source>%1 of the release&apos;s %2, counted by the master</source>
        <translation>%1，本次发布共 %2（由 master 统计）</translation>
    </message>
    <message>
        <source>Expected</source>
        <translation>预计用时</translation>
    </message>
    <message>
        <source>Somebody other than %1 has to approve it first: a super admin, or whom a grant names for it.</source>
        <translation>须先由 %1 以外的人批准：超级管理员，或授权中指名可批准的人。</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>丢弃</translation>
    </message>
    <message>
        <source>It was not started: no machine has changed, and none will. It cannot be started any more.</source>
        <translation>它没有启动过：没有机器变更，今后也不会。它不能再启动。</translation>
    </message>
    <message>
        <source>Every stage that is left opens at once, and its machines change their version.</source>
        <translation>剩余的所有阶段立即开启，其中的机器变更版本。</translation>
    </message>
    <message>
        <source>by %1 since %2</source>
        <translation>操作人 %1，自 %2 起</translation>
    </message>
    <message>
        <source>The window shows another release by now.</source>
        <translation>窗口现在显示的是另一个发布。</translation>
    </message>
    <message>
        <source>The release has moved on to another stage meanwhile. Look, and ask again.</source>
        <translation>发布在此期间已进入另一个阶段。请查看后重新操作。</translation>
    </message>
    <message numerus="yes">
        <source>It reaches %1 machine(s) by now. Look, and ask again.</source>
        <translation>
            <numerusform>现在会涉及 %1 台机器。请查看后重新操作。</numerusform>
        </translation>
    </message>
    <message>
        <source>needs another approval, %1&apos;s has ended</source>
        <translation>需要重新批准，%1 的批准已失效</translation>
    </message>
    <message>
        <source>What %1 approved no longer holds: somebody other than %2 has to approve the plan that holds now.</source>
        <translation>%1 批准的计划已不再有效：须由 %2 以外的人批准当前计划。</translation>
    </message>
    <message>
        <source>Every machine of a stage that has opened goes back to what it ran before; the others keep what they run. What a machine ran right before is still on its disk; anything older is downloaded again.</source>
        <translation>已开启的阶段中的每台机器都恢复原来的版本；其他机器保持不变。机器之前运行的那个版本仍在磁盘上，更早的需重新下载。</translation>
    </message>
    <message>
        <source>used, %1 allowed</source>
        <comment>error budget</comment>
        <translation>台已用，上限 %1 台</translation>
    </message>
    <message>
        <source>failed or reverted</source>
        <translation>失败或回退</translation>
    </message>
    <message>
        <source>No stage is left to open.</source>
        <translation>没有剩余的阶段可开启。</translation>
    </message>
    <message>
        <source>You say that %1 is good. %2 opens, and its machines change their version.</source>
        <translation>确认%1没有问题。%2随即开启，其机器更换版本。</translation>
    </message>
    <message>
        <source>%1 opens, and its machines change their version.</source>
        <translation>%1随即开启，其机器更换版本。</translation>
    </message>
    <message>
        <source>%1 opens without waiting for %2, and its machines change their version.</source>
        <translation>%1不等待%2，随即开启，其机器更换版本。</translation>
    </message>
    <message numerus="yes">
        <source>%1 of them has/have put the version before back already</source>
        <translation>
            <numerusform>其中 %1 台已自行回退到原版本</numerusform>
        </translation>
    </message>
    <message>
        <source>not opened</source>
        <translation>未开启</translation>
    </message>
    <message>
        <source>going back</source>
        <translation>正在回滚</translation>
    </message>
    <message>
        <source>rolled back %1</source>
        <translation>%1 回滚完成</translation>
    </message>
    <message>
        <source>open until %1</source>
        <translation>开启至 %1</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleaseUndo</name>
    <message>
        <source>Undone: %1</source>
        <translation>已撤销：%1</translation>
    </message>
    <message>
        <source>%1 could not be undone: %2 %3</source>
        <translation>%1 无法撤销：%2 %3</translation>
    </message>
    <message>
        <source>%1 has changed since (%2, %3): nothing was changed.</source>
        <translation>%1 此后已有变化（%2，%3）：未做任何改动。</translation>
    </message>
    <message>
        <source>%1 has since paused %2 (%3): nothing was changed.</source>
        <translation>%1 此后已暂停 %2（%3）：未做任何改动。</translation>
    </message>
    <message>
        <source>%1 has since resumed %2 (%3): nothing was changed.</source>
        <translation>%1 此后已恢复 %2（%3）：未做任何改动。</translation>
    </message>
    <message>
        <source>%1 has since aborted %2 (%3): nothing was changed.</source>
        <translation>%1 此后已中止 %2（%3）：未做任何改动。</translation>
    </message>
    <message>
        <source>%1 has since promoted %2 (%3): nothing was changed.</source>
        <translation>%1 此后已推进 %2（%3）：未做任何改动。</translation>
    </message>
    <message>
        <source>%1 has since begun to roll %2 back (%3): nothing was changed.</source>
        <translation>%1 此后已开始回滚 %2（%3）：未做任何改动。</translation>
    </message>
    <message>
        <source>%1 has since changed %2 (%3, %4): nothing was changed.</source>
        <translation>%1 此后已变更 %2（%3，%4）：未做任何改动。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::ReleasesPresenter</name>
    <message>
        <source>Running</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>Halted</source>
        <translation>已熔断</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>Rolling back</source>
        <translation>回滚中</translation>
    </message>
    <message>
        <source>Drafts</source>
        <translation>草稿</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>已完成</translation>
    </message>
    <message numerus="yes">
        <source>%1 release(s), newest first</source>
        <translation>
            <numerusform>%1 次发布，最新在前</numerusform>
        </translation>
    </message>
    <message>
        <source> · more to load</source>
        <translation> · 还有更多</translation>
    </message>
    <message>
        <source>No release yet. A release moves one agent to one version, step by step.</source>
        <translation>还没有发布。一次发布将一个 Agent 逐步换到一个版本。</translation>
    </message>
    <message>
        <source>New release…</source>
        <translation>新建发布…</translation>
    </message>
    <message>
        <source>None of the releases that were read so far matches the filter.</source>
        <translation>已读取的发布中没有符合筛选条件的。</translation>
    </message>
    <message>
        <source>No release matches the filter.</source>
        <translation>没有符合筛选条件的发布。</translation>
    </message>
    <message>
        <source>of %1 read</source>
        <translation>／已读取 %1 个</translation>
    </message>
    <message>
        <source>Aborted or rolled back</source>
        <translation>已中止或已回滚</translation>
    </message>
    <message>
        <source>%1 discarded</source>
        <comment>drafts</comment>
        <translation>其中已丢弃 %1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::RingPresenter</name>
    <message>
        <source>The cluster has not answered yet.</source>
        <translation>集群尚未应答。</translation>
    </message>
    <message>
        <source>This master is too old to tell its hash ring.</source>
        <translation>此 master 版本过旧，无法提供哈希环。</translation>
    </message>
    <message>
        <source>This ring has %1 virtual nodes, too many to draw: &quot;ifritctl ring show&quot; lists its batches.</source>
        <translation>此哈希环有 %1 个虚拟节点，无法绘制：可用 &quot;ifritctl ring show&quot; 列出批次。</translation>
    </message>
    <message>
        <source>This release does not go by batches.</source>
        <translation>此发布不分批。</translation>
    </message>
    <message>
        <source>The ring is being made.</source>
        <translation>正在生成哈希环。</translation>
    </message>
    <message>
        <source>%1 × %2 nodes</source>
        <translation>%1 × %2 个节点</translation>
    </message>
    <message>
        <source>No uuid: letters, digits and . _ : - only, 128 at most.</source>
        <translation>不是 uuid：只能有字母、数字和 . _ : -，最多 128 个。</translation>
    </message>
    <message>
        <source>falls on %1; the next virtual node is %2, of batch %3</source>
        <translation>落在 %1；下一个虚拟节点是 %2，属于第 %3 批</translation>
    </message>
    <message>
        <source>no machine of this cluster</source>
        <translation>不是此集群的机器</translation>
    </message>
    <message>
        <source>its master still says batch %1</source>
        <translation>其 master 仍称第 %1 批</translation>
    </message>
    <message>
        <source>batches</source>
        <comment>below their number</comment>
        <translation>个批次</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::RingStates</name>
    <message>
        <source>done</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>open</source>
        <translation>进行中</translation>
    </message>
    <message>
        <source>halted</source>
        <translation>已熔断</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>not open yet</source>
        <translation>尚未开启</translation>
    </message>
    <message>
        <source>next</source>
        <translation>下一批</translation>
    </message>
    <message>
        <source>no machine</source>
        <translation>无机器</translation>
    </message>
    <message>
        <source>over 5 % bad</source>
        <translation>异常超过 5 %</translation>
    </message>
    <message>
        <source>at most 5 % bad</source>
        <translation>异常不超过 5 %</translation>
    </message>
    <message>
        <source>ring opened</source>
        <translation>环已开启</translation>
    </message>
    <message>
        <source>not opened</source>
        <translation>未开启</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::RowSource</name>
    <message>
        <source>The connection was closed.</source>
        <translation>连接已关闭。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::RunningNow</name>
    <message>
        <source>%1 on %2</source>
        <comment>version, machines</comment>
        <translation>%1（%2 台）</translation>
    </message>
    <message>
        <source>others on %1</source>
        <comment>machines</comment>
        <translation>其他版本（%1 台）</translation>
    </message>
    <message>
        <source>none on %1</source>
        <comment>machines</comment>
        <translation>未安装（%1 台）</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>machine type, versions</comment>
        <translation>%1：%2</translation>
    </message>
    <message>
        <source>%1 of %2 change</source>
        <comment>machines</comment>
        <translation>%2 台中 %1 台将变更</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::SpecFacts</name>
    <message>
        <source>absent</source>
        <translation>卸载</translation>
    </message>
    <message>
        <source>%1 from %2 to %3</source>
        <translation>%1 从 %2 到 %3</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <translation>%1 到 %2</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message numerus="yes">
        <source>%1 named machine(s)</source>
        <translation>
            <numerusform>%1 台点名的机器</numerusform>
        </translation>
    </message>
    <message>
        <source>those of pin %1</source>
        <translation>账号 %1 的机器</translation>
    </message>
    <message>
        <source>those labelled %1</source>
        <translation>标签为 %1 的机器</translation>
    </message>
    <message>
        <source>%1 % of each machine type</source>
        <translation>每种机器类型的 %1 %</translation>
    </message>
    <message numerus="yes">
        <source>at least %1 machine(s) of each type</source>
        <translation>
            <numerusform>每种类型至少 %1 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>in the order %1</source>
        <translation>顺序 %1</translation>
    </message>
    <message>
        <source>at least %1 apart</source>
        <translation>间隔至少 %1</translation>
    </message>
    <message>
        <source>each waits for promote</source>
        <translation>每批等待推进</translation>
    </message>
    <message>
        <source>the next one opens by itself</source>
        <translation>下一批自动开启</translation>
    </message>
    <message numerus="yes">
        <source>halts over %1 % and %2 bad machine(s) of a stage</source>
        <translation>
            <numerusform>一个阶段中异常机器超过 %1 % 且超过 %2 台时熔断</numerusform>
        </translation>
    </message>
    <message>
        <source>halts where the median rises by %1 %, and by %2 or %3 % of a core</source>
        <translation>中位数升高 %1 %，且多出 %2 或一个核的 %3 % 时熔断</translation>
    </message>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>Gray</source>
        <translation>灰度</translation>
    </message>
    <message>
        <source>Pilot</source>
        <translation>小流量</translation>
    </message>
    <message>
        <source>Batches</source>
        <translation>分批</translation>
    </message>
    <message>
        <source>Soak</source>
        <translation>观察期</translation>
    </message>
    <message>
        <source>Goes on</source>
        <translation>继续方式</translation>
    </message>
    <message>
        <source>by itself, soak over and gates passed</source>
        <translation>观察期满且门禁通过后自动继续</translation>
    </message>
    <message>
        <source>when an operator verifies</source>
        <translation>由人验证后继续</translation>
    </message>
    <message>
        <source>In flight</source>
        <translation>并发上限</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>at most %1</source>
        <translation>最多 %1</translation>
    </message>
    <message>
        <source>Deadline</source>
        <translation>时限</translation>
    </message>
    <message>
        <source>%1 for each machine</source>
        <translation>每台机器 %1</translation>
    </message>
    <message>
        <source>Failure gate</source>
        <translation>失败门禁</translation>
    </message>
    <message>
        <source>Cost gate</source>
        <translation>开销门禁</translation>
    </message>
    <message>
        <source>not %1</source>
        <translation>不含 %1</translation>
    </message>
    <message>
        <source>Windows</source>
        <translation>时间窗口</translation>
    </message>
    <message>
        <source>Late joiners</source>
        <translation>晚加入的机器</translation>
    </message>
    <message>
        <source>%1 a minute</source>
        <translation>每分钟 %1 台</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>计划</translation>
    </message>
    <message>
        <source>as each machine is configured</source>
        <translation>按每台机器自身的配置</translation>
    </message>
    <message>
        <source>at most %1 for each machine</source>
        <translation>每台机器不超过 %1</translation>
    </message>
    <message>
        <source>Cost gate, %1</source>
        <translation>开销门禁（%1）</translation>
    </message>
    <message>
        <source>Download rate</source>
        <translation>下载速率</translation>
    </message>
    <message>
        <source>%1 more</source>
        <translation>另有 %1 台</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::TableWriter</name>
    <message>
        <source>The table kept changing while it was written.</source>
        <translation>写入期间表格一直在变化。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::TokensPresenter</name>
    <message>
        <source>a login</source>
        <translation>登录</translation>
    </message>
    <message>
        <source>Tokens of others are shown to super admins alone.</source>
        <translation>别人的令牌只有超级管理员可以查看。</translation>
    </message>
    <message>
        <source>No token is open.</source>
        <translation>没有有效的令牌。</translation>
    </message>
    <message>
        <source>No token of this user matches the filter.</source>
        <translation>该用户没有符合筛选条件的令牌。</translation>
    </message>
    <message>
        <source>A token stands for whoever makes it: choose yourself, %1.</source>
        <translation>令牌代表创建它的人：请选择本人，即 %1。</translation>
    </message>
    <message>
        <source>Say what it is for.</source>
        <translation>请填写用途。</translation>
    </message>
    <message>
        <source>It cannot begin with a dash.</source>
        <translation>用途不能以连字符开头。</translation>
    </message>
    <message>
        <source>What it is for is longer than %1 bytes.</source>
        <translation>用途超过 %1 字节。</translation>
    </message>
    <message>
        <source>Make a token for %1?</source>
        <translation>为 %1 创建令牌？</translation>
    </message>
    <message>
        <source>Whoever has it acts as you, until it ends. It is shown once.</source>
        <translation>在失效之前，持有它即可以创建者本人的身份操作。它只显示一次。</translation>
    </message>
    <message>
        <source>Acts as</source>
        <translation>身份</translation>
    </message>
    <message>
        <source>Until</source>
        <translation>有效期至</translation>
    </message>
    <message>
        <source>Make</source>
        <translation>创建</translation>
    </message>
    <message>
        <source>The token %1 was made, but what it says was lost on the way: end it, and make another.</source>
        <translation>令牌 %1 已创建，但其内容在传输途中丢失：请终止它并另建一个。</translation>
    </message>
    <message>
        <source>No token is chosen.</source>
        <translation>未选择令牌。</translation>
    </message>
    <message>
        <source>End a token of %1?</source>
        <translation>终止 %1 的令牌？</translation>
    </message>
    <message>
        <source>It is the one that this window speaks by: you will have to sign in again.</source>
        <translation>本窗口正在使用它：终止后需要重新登录。</translation>
    </message>
    <message>
        <source>Whatever program uses it is refused from now on, and what it has open ends.</source>
        <translation>使用它的程序从现在起被拒绝，已打开的连接会结束。</translation>
    </message>
    <message>
        <source>End</source>
        <translation>终止</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>用途</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>There is no token to end.</source>
        <translation>没有可终止的令牌。</translation>
    </message>
    <message>
        <source>Whatever program uses one is refused from now on, and what it has open ends. Passwords and certificates stay good.</source>
        <translation>使用它们的程序从现在起被拒绝，已打开的连接会结束。密码和证书仍然有效。</translation>
    </message>
    <message>
        <source>This window speaks by one of them: you will have to sign in again.</source>
        <translation>本窗口正在使用其中之一：终止后需要重新登录。</translation>
    </message>
    <message>
        <source>End all</source>
        <translation>全部终止</translation>
    </message>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Type the number of users, 1, to go on</source>
        <translation>输入用户数 1 以继续</translation>
    </message>
    <message>
        <source>End all tokens of %1?</source>
        <translation>终止 %1 的全部令牌？</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::TrackedAccess</name>
    <message>
        <source>List users</source>
        <translation>列出用户</translation>
    </message>
    <message>
        <source>Add user %1</source>
        <translation>添加用户 %1</translation>
    </message>
    <message>
        <source>New password for %1</source>
        <translation>重置 %1 的密码</translation>
    </message>
    <message>
        <source>Change the role of %1</source>
        <translation>变更 %1 的角色</translation>
    </message>
    <message>
        <source>Disable %1</source>
        <translation>停用 %1</translation>
    </message>
    <message>
        <source>Enable %1</source>
        <translation>启用 %1</translation>
    </message>
    <message>
        <source>Remove %1</source>
        <translation>移除 %1</translation>
    </message>
    <message>
        <source>List grants</source>
        <translation>列出授权</translation>
    </message>
    <message>
        <source>Grant %1 to %2</source>
        <translation>将 %1 授权给 %2</translation>
    </message>
    <message>
        <source>Take a grant away</source>
        <translation>收回授权</translation>
    </message>
    <message>
        <source>Ask for a permission</source>
        <translation>查询权限</translation>
    </message>
    <message>
        <source>List tokens</source>
        <translation>列出令牌</translation>
    </message>
    <message>
        <source>Make a token for %1</source>
        <translation>为 %1 生成令牌</translation>
    </message>
    <message>
        <source>End tokens</source>
        <translation>终止令牌</translation>
    </message>
    <message>
        <source>List certificates</source>
        <translation>列出证书</translation>
    </message>
    <message>
        <source>Issue a certificate for %1</source>
        <translation>为 %1 签发证书</translation>
    </message>
    <message>
        <source>Revoke certificates</source>
        <translation>吊销证书</translation>
    </message>
    <message>
        <source>Revoke machine %1</source>
        <translation>吊销机器 %1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::TrackedCampaigns</name>
    <message>
        <source>Ask whether the cluster takes a campaign</source>
        <translation>询问集群是否接受跨集群发布</translation>
    </message>
    <message>
        <source>Give a campaign to the cluster</source>
        <translation>把跨集群发布交给集群</translation>
    </message>
    <message>
        <source>Read a campaign</source>
        <translation>读取跨集群发布</translation>
    </message>
    <message>
        <source>Draft the release of a campaign</source>
        <translation>为跨集群发布建立发布草稿</translation>
    </message>
    <message>
        <source>Carry a receipt to the cluster</source>
        <translation>把回执带给集群</translation>
    </message>
    <message>
        <source>Read a receipt</source>
        <translation>读取回执</translation>
    </message>
    <message>
        <source>Start a campaign in the cluster</source>
        <translation>在集群启动跨集群发布</translation>
    </message>
    <message>
        <source>Abort a campaign in the cluster</source>
        <translation>在集群中止跨集群发布</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::TrackedSession</name>
    <message>
        <source>Sign in as %1</source>
        <translation>以 %1 登录</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>退出登录</translation>
    </message>
    <message>
        <source>Test the connection</source>
        <translation>测试连接</translation>
    </message>
    <message>
        <source>Read the cluster</source>
        <translation>读取集群</translation>
    </message>
    <message>
        <source>Freeze the cluster</source>
        <translation>冻结集群</translation>
    </message>
    <message>
        <source>Unfreeze the cluster</source>
        <translation>解冻集群</translation>
    </message>
    <message>
        <source>List machines</source>
        <translation>列出机器</translation>
    </message>
    <message>
        <source>Read machine %1</source>
        <translation>读取机器 %1</translation>
    </message>
    <message>
        <source>Explain machine %1</source>
        <translation>解释机器 %1</translation>
    </message>
    <message>
        <source>Read the events of machine %1</source>
        <translation>读取机器 %1 的事件</translation>
    </message>
    <message>
        <source>List agents</source>
        <translation>列出 Agent</translation>
    </message>
    <message>
        <source>Let machines try %1 again</source>
        <translation>让机器重试 %1</translation>
    </message>
    <message>
        <source>Fetch the log of %1 from %2</source>
        <translation>从 %2 获取 %1 的日志</translation>
    </message>
    <message>
        <source>List packages</source>
        <translation>列出安装包</translation>
    </message>
    <message>
        <source>Read a package</source>
        <translation>读取安装包</translation>
    </message>
    <message>
        <source>Publish %1</source>
        <translation>上传 %1</translation>
    </message>
    <message>
        <source>Delete package %1</source>
        <translation>删除安装包 %1</translation>
    </message>
    <message>
        <source>Read the publishers&apos; keys</source>
        <translation>读取发布者公钥</translation>
    </message>
    <message>
        <source>Draft a release of %1 %2</source>
        <translation>起草 %1 %2 的发布</translation>
    </message>
    <message>
        <source>Plan a release</source>
        <translation>计划发布</translation>
    </message>
    <message>
        <source>Release: %1</source>
        <translation>发布：%1</translation>
    </message>
    <message>
        <source>Read a release</source>
        <translation>读取发布</translation>
    </message>
    <message>
        <source>List releases</source>
        <translation>列出发布</translation>
    </message>
    <message>
        <source>List the machines of a release</source>
        <translation>列出发布的机器</translation>
    </message>
    <message>
        <source>Read the timeline of a release</source>
        <translation>读取发布的时间线</translation>
    </message>
    <message>
        <source>Read the audit log</source>
        <translation>读取审计</translation>
    </message>
    <message>
        <source>Verify the audit chain</source>
        <translation>校验审计链</translation>
    </message>
    <message>
        <source>Read the audit&apos;s head</source>
        <translation>读取审计链头</translation>
    </message>
    <message>
        <source>Read the load of the masters</source>
        <translation>读取 master 负载</translation>
    </message>
    <message numerus="yes">
        <source>Remove %1 machine(s)</source>
        <translation>
            <numerusform>移除 %1 台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>Release #%1, %2: %3</source>
        <translation>发布 #%1，%2：%3</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::presenters::VersionHistory</name>
    <message>
        <source>Versions</source>
        <translation>版本</translation>
    </message>
    <message>
        <source>No agent runs in this cluster yet.</source>
        <translation>此集群尚无 Agent 运行。</translation>
    </message>
    <message>
        <source>Too few samples yet: the line begins when this window connected.</source>
        <translation>样本太少：曲线从本窗口连接时开始。</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>%1 of %2 versions</source>
        <translation>%2 个版本中的 %1 个</translation>
    </message>
    <message>
        <source>Machines by their version of %1</source>
        <translation>按 %1 的版本统计机器</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::BatchLanes</name>
    <message>
        <source>Stages</source>
        <translation>阶段</translation>
    </message>
    <message>
        <source>%1, %2: %3</source>
        <translation>%1，%2：%3</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>already</source>
        <translation>无需变更</translation>
    </message>
    <message>
        <source>in flight</source>
        <translation>变更中</translation>
    </message>
    <message>
        <source>silent</source>
        <translation>失联</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>未开始</translation>
    </message>
    <message>
        <source>gate, counted from the right</source>
        <translation>门禁，自右侧计</translation>
    </message>
    <message>
        <source>failed or reverted</source>
        <translation>失败或回退</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::ChartView</name>
    <message>
        <source>%1: %2 samples, least %3, median %4, most %5</source>
        <translation>%1：%2 个样本，最小 %3，中位数 %4，最大 %5</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::ClusterTile</name>
    <message numerus="yes">
        <source>%1: %2, %3 machine(s), %4 healthy</source>
        <translation>
            <numerusform>%1：%2，%3 台机器，健康 %4</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>machine(s)</source>
        <translation>
            <numerusform>台机器</numerusform>
        </translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>a cluster and its state</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::ColumnChooser</name>
    <message>
        <source>Sort by</source>
        <translation>排序依据</translation>
    </message>
    <message>
        <source>Reset columns</source>
        <translation>重置列</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>列</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::ColumnFit</name>
    <message>
        <source>Fit columns</source>
        <translation>自动列宽</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::DangerSheet</name>
    <message>
        <source>Reason (required)</source>
        <translation>原因（必填）</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>For the audit: a ticket, or why now</source>
        <translation>供审计：工单号，或为何现在做</translation>
    </message>
    <message>
        <source>Type the number of machines, %1, to go on</source>
        <translation>请输入机器数量 %1 以继续</translation>
    </message>
    <message>
        <source>Copy as ifritctl command</source>
        <translation>复制为 ifritctl 命令</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>A reason is required.</source>
        <translation>必须填写原因。</translation>
    </message>
    <message>
        <source>The reason is longer than 1024 bytes.</source>
        <translation>原因超过 1024 字节。</translation>
    </message>
    <message>
        <source>The number does not match.</source>
        <translation>数量不一致。</translation>
    </message>
    <message>
        <source>Your password, since you signed in with one</source>
        <translation>本人密码（当前以密码登录）</translation>
    </message>
    <message>
        <source>Your password is missing.</source>
        <translation>还没有输入本人密码。</translation>
    </message>
    <message>
        <source>It cannot be done now: %1</source>
        <translation>现在无法执行：%1</translation>
    </message>
    <message>
        <source>It is not there any more.</source>
        <translation>它已经不存在。</translation>
    </message>
    <message>
        <source>Clusters</source>
        <translation>集群</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>集群</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::FactList</name>
    <message>
        <source>Copy</source>
        <translation>复制</translation>
    </message>
    <message>
        <source>Select all</source>
        <translation>全选</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::FilterField</name>
    <message>
        <source>What can be written here</source>
        <translation>此处可填写的内容</translation>
    </message>
    <message numerus="yes">
        <source>%1 more: type on</source>
        <translation>
            <numerusform>另有 %1 项：请继续输入</numerusform>
        </translation>
    </message>
    <message>
        <source>there may be others</source>
        <translation>可能还有其他项</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::FilterLine</name>
    <message>
        <source>Clear</source>
        <translation>清除</translation>
    </message>
    <message>
        <source>The filter is empty.</source>
        <translation>筛选条件为空。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::HashRingView</name>
    <message>
        <source>Hash ring</source>
        <translation>哈希环</translation>
    </message>
    <message>
        <source>%1: %2, batch %3</source>
        <translation>%1：%2，第 %3 批</translation>
    </message>
    <message numerus="yes">
        <source>%1: %2, %3 of the ring, %4 machine(s), %5 bad</source>
        <translation>
            <numerusform>%1：%2，占环 %3，%4 台机器，%5 台异常</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::MachineMap</name>
    <message>
        <source>Map of machines, one cell each</source>
        <translation>机器地图，每格一台</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::NavigationRail</name>
    <message>
        <source>Views</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::NoticeLine</name>
    <message>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::Splitter</name>
    <message>
        <source>Divider</source>
        <translation>分隔条</translation>
    </message>
    <message>
        <source>The arrow keys move it.</source>
        <translation>用方向键移动。</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::StateDonut</name>
    <message numerus="yes">
        <source>%1: %2 machine(s), %3 of all</source>
        <translation>
            <numerusform>%1：%2 台机器，占 %3</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::StateView</name>
    <message>
        <source>Copy details</source>
        <translation>复制详情</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::StatusLine</name>
    <message>
        <source>? keys</source>
        <translation>? 快捷键</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::TitleLine</name>
    <message>
        <source>PRODUCTION %1</source>
        <translation>生产 %1</translation>
    </message>
    <message>
        <source>PRODUCTION</source>
        <translation>生产</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::Toast</name>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Undo: %1</source>
        <translation>撤销：%1</translation>
    </message>
</context>
<context>
    <name>ifrit::gui::widgets::VersionBars</name>
    <message numerus="yes">
        <source>%1: %2 machine(s) run it, %3 of them stay</source>
        <translation>
            <numerusform>%1：%2 台机器正在运行，其中 %3 台保持</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>, %1 are to come</source>
        <translation>
            <numerusform>，%1 台待安装</numerusform>
        </translation>
    </message>
    <message>
        <source>stay</source>
        <translation>保持</translation>
    </message>
    <message>
        <source>are to change</source>
        <translation>将变更</translation>
    </message>
    <message>
        <source>are to come</source>
        <translation>待安装</translation>
    </message>
</context>
</TS>
